//! The address of the publisher below the text: registration, telephone, street.

use super::{BlockFacts, BlockKind, TextBlock};
use crate::dom::words;
use crate::page::Reason;

/// Labels of a company's number in a register or for taxes.
const REGISTER_LABELS: &[&str] = &[
    "cnpj", "nif", "cif", "siret", "siren", "nip", "regon", "krs", "hrb", "hra", "ustid", "ust", "vat", "piva", "iva",
    "инн", "огрн", "ičo", "dič", "kvk", "abn", "eik", "oib", "cvr", "uid", "cuit", "rut", "nit", "rfc", "gstin",
    "bulstat", "еик",
];
/// Labels of telephone numbers and addresses.
const CONTACT_LABELS: &[&str] = &[
    "tel",
    "telephone",
    "phone",
    "fone",
    "telefone",
    "telefon",
    "teléfono",
    "téléphone",
    "telefono",
    "tél",
    "telefoon",
    "fax",
    "тел",
    "телефон",
    "факс",
    "cep",
    "postfach",
    "caixa",
    "email",
    "mail",
    "rua",
    "avenida",
    "calle",
    "rue",
    "via",
    "ul",
    "str",
    "street",
    "straße",
    "strasse",
    "ulica",
    "улица",
    "ул",
];
/// Most words of an address, and least words of prose above it.
const MAX_WORDS: usize = 60;
const MIN_PROSE_WORDS: usize = 30;

/// Marks the lines after the last prose that give the publisher's number and address.
pub(super) fn mark(facts: &[BlockFacts], blocks: &[TextBlock], reasons: &mut [Option<Reason>]) {
    let is_text = |index: &usize| {
        reasons[*index].is_none() && facts[*index].is_prose(&blocks[*index]) && !is_imprint(&blocks[*index].text)
    };
    let prose: Vec<usize> = (0..blocks.len()).filter(is_text).collect();
    let Some(last) = prose.last().copied() else { return };
    if prose.iter().map(|index| facts[*index].words).sum::<usize>() < MIN_PROSE_WORDS {
        return;
    }
    for index in last + 1..blocks.len() {
        let is_line = matches!(blocks[index].kind, BlockKind::Paragraph | BlockKind::Item);
        if reasons[index].is_none() && is_line && facts[index].words <= MAX_WORDS && is_imprint(&blocks[index].text) {
            reasons[index] = Some(Reason::Legal);
        }
    }
}

/// Returns whether a line has the number of a company and two signs of an address.
fn is_imprint(text: &str) -> bool {
    if !text.bytes().any(|byte| byte.is_ascii_digit()) || text.len() > 800 {
        return false;
    }
    let key = words::match_key(text);
    let words: Vec<&str> = key.split(' ').collect();
    let holds_number = |word: &&str| word.bytes().filter(u8::is_ascii_digit).count() >= 2;
    let is_registered = words
        .iter()
        .enumerate()
        .any(|(at, word)| REGISTER_LABELS.contains(word) && words[at + 1..].iter().take(4).any(holds_number));
    is_registered && words.iter().filter(|word| CONTACT_LABELS.contains(word)).count() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_publishers_address_below_the_text_is_legal() {
        let line = |text: &str| TextBlock::new(text.to_owned(), BlockKind::Paragraph, 0.0);
        let prose = "It rained in the valley from Monday to Friday, and the river rose by the height of a man. On Saturday the sun \
            came back, and the ferry went again.";
        for (address, wanted) in [
            ("Vale Novo - CNPJ: 11.222.333/0001-44 - Rua do Rio, 12 - Fone: (11) 2222-3333", true),
            ("Valley Post GmbH, Uferstraße 4, Tel. 030 1234, Fax 030 1235, Amtsgericht Talheim HRB 4711", true),
            ("ООО «Долина», ИНН 7712345678, ул. Речная, 5, тел. 123-45-67", true),
            ("Tel. 030 1234, Uferstraße 4", false),
            ("The ferry pays VAT of 19 percent since May", false),
        ] {
            let blocks = [line(prose), line(address)];
            let facts: Vec<BlockFacts> = blocks.iter().map(BlockFacts::new).collect();
            let mut reasons = vec![None; 2];
            mark(&facts, &blocks, &mut reasons);
            assert_eq!(reasons, [None, wanted.then_some(Reason::Legal)], "{address}");
            let mut alone = vec![None];
            mark(&facts[1..], &blocks[1..], &mut alone);
            assert_eq!(alone, [None]);
        }
    }
}
