//! An edition that is read to its end.

use crate::support::TestEnv;

const TITLES: &str = ".lead h2, .tops h3, .briefs h3";

#[tokio::test(flavor = "multi_thread")]
async fn an_edition_is_read_to_its_end() {
    let env = TestEnv::new().await;
    env.import_samples().await;
    env.visit("/").await;
    let titles = env.texts(TITLES).await;
    assert!(titles.len() >= 3, "{titles:?}");
    // The lead is read, and is still there.
    env.press(['j', 'o']).await;
    env.wait_for_article().await;
    assert_eq!(env.text("article h1").await, titles[0]);
    env.press(['m']).await;
    env.find_by_xpath("//div[@class='actions']//button[.='Mark unread']").await;
    env.press(['b']).await;
    env.wait_for_path("/").await;
    assert_eq!(env.texts(TITLES).await, titles, "nothing has moved");
    env.wait_until("document.querySelector('.lead:not(.unread)')").await;
    // The rest is marked read at the end, which is taken back, and done again.
    assert_eq!(env.text(".edition-end h2").await, "You’re all caught up");
    env.click(".edition-end button").await;
    env.wait_until("document.querySelector('.notice') && !document.querySelector('.edition-top .unread')").await;
    assert_eq!(env.texts(TITLES).await, titles);
    env.click(".notice button").await;
    env.wait_until("document.querySelector('.edition-top .unread')").await;
    env.click(".edition-end button").await;
    env.wait_until("document.querySelector('.notice') && !document.querySelector('.edition-end button')").await;
    env.close().await;
}
