pub(crate) mod blocks;
pub(crate) mod interstitial;
pub(crate) mod pagination;
pub(crate) mod removed_blocks;
pub(crate) mod verdict;
