//! What links to the next page say.

/// Words for the next page, which say that it is a page. In lower case, without arrows.
const NEXT_PAGE: &[&str] = &[
    "next page",
    "nächste seite",
    "page suivante",
    "página siguiente",
    "siguiente página",
    "próxima página",
    "página seguinte",
    "pagina successiva",
    "pagina seguente",
    "prossima pagina",
    "volgende pagina",
    "nästa sida",
    "neste side",
    "næste side",
    "seuraava sivu",
    "następna strona",
    "kolejna strona",
    "další strana",
    "další stránka",
    "ďalšia strana",
    "következő oldal",
    "pagina următoare",
    "следующая страница",
    "след. страница",
    "наступна сторінка",
    "следваща страница",
    "sljedeća stranica",
    "sledeća strana",
    "следећа страна",
    "naslednja stran",
    "järgmine lehekülg",
    "nākamā lapa",
    "kitas puslapis",
    "επόμενη σελίδα",
    "sonraki sayfa",
    "trang sau",
    "trang tiếp",
    "trang tiếp theo",
    "halaman berikutnya",
    "halaman selanjutnya",
    "laman seterusnya",
    "หน้าถัดไป",
    "หน้าต่อไป",
    "अगला पेज",
    "अगला पृष्ठ",
    "পরবর্তী পৃষ্ঠা",
    "அடுத்த பக்கம்",
    "الصفحة التالية",
    "صفحه بعد",
    "صفحه بعدی",
    "اگلا صفحہ",
    "העמוד הבא",
    "לעמוד הבא",
    "pàgina següent",
    "hurrengo orria",
    "páxina seguinte",
    "næsta síða",
    "下一页",
    "下一頁",
    "下页",
    "下頁",
    "后一页",
    "後一頁",
    "次のページ",
    "次ページ",
    "次のページへ",
    "다음 페이지",
    "다음페이지",
    "read next page",
    "continue to next page",
    "go to next page",
];
/// The same without the word for page.
const NEXT: &[&str] = &[
    "next",
    "weiter",
    "nächste",
    "vor",
    "suivant",
    "suivante",
    "siguiente",
    "próxima",
    "próximo",
    "seguinte",
    "successiva",
    "successivo",
    "avanti",
    "volgende",
    "verder",
    "nästa",
    "neste",
    "næste",
    "seuraava",
    "następna",
    "dalej",
    "další",
    "ďalšia",
    "ďalej",
    "következő",
    "următoarea",
    "înainte",
    "следующая",
    "далее",
    "вперед",
    "вперёд",
    "наступна",
    "далі",
    "следваща",
    "напред",
    "sljedeća",
    "sledeća",
    "следећа",
    "naslednja",
    "järgmine",
    "edasi",
    "nākamā",
    "kitas",
    "toliau",
    "επόμενη",
    "επόμενο",
    "sonraki",
    "ileri",
    "tiếp",
    "berikutnya",
    "selanjutnya",
    "seterusnya",
    "ถัดไป",
    "अगला",
    "পরবর্তী",
    "அடுத்து",
    "التالي",
    "التالية",
    "بعدی",
    "اگلا",
    "הבא",
    "següent",
    "hurrengoa",
    "næsta",
    "次へ",
    "次",
    "다음",
    "continue",
    "continue reading",
    "weiterlesen",
    "lire la suite",
];
/// Words before or after the number of a page.
const PAGE: &[&str] = &[
    "page",
    "seite",
    "página",
    "pagina",
    "pág",
    "part",
    "teil",
    "partie",
    "parte",
    "sida",
    "side",
    "sivu",
    "strona",
    "strana",
    "stránka",
    "oldal",
    "страница",
    "сторінка",
    "стр",
    "σελίδα",
    "sayfa",
    "trang",
    "halaman",
    "หน้า",
    "पेज",
    "पृष्ठ",
    "الصفحة",
    "صفحة",
    "صفحه",
    "עמוד",
    "stranica",
    "stran",
    "puslapis",
    "lapa",
    "第页",
    "第頁",
    "第ページ",
    "ページ",
    "페이지",
    "go to page",
    "zu seite",
    "zur seite",
    "aller à la page",
    "ir a la página",
];
/// The maximum number of characters of a link in a pager.
const MAX_CHARS: usize = 30;

/// What a link of a pager says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Label {
    /// The number of a page, alone or with the word for page.
    Number(u32),
    /// That it leads to the next page.
    NextPage,
    /// That something comes next, or an arrow.
    Next,
    /// Something short.
    Short,
    /// Something too long for a pager.
    Long,
}

impl Label {
    /// Reads what a link says.
    pub(super) fn read(text: &str) -> Label {
        let is_sign = |letter: char| {
            !letter.is_alphanumeric() && !letter.is_ascii_punctuation()
                || matches!(letter, '>' | '<' | '|' | '-' | '.' | ':' | '[' | ']' | '(' | ')' | '+' | '_')
        };
        // Marks of Thai and Indian scripts are no signs.
        let words = text.trim_matches(|letter: char| is_sign(letter) && !is_mark(letter)).to_lowercase();
        let words = words.trim();
        if words.chars().count() > MAX_CHARS {
            return Label::Long;
        }
        if words.is_empty() {
            let is_forward = text.contains(['›', '»', '→', '>', '▶', '►', '⟩', '❯']);
            return if is_forward { Label::Next } else { Label::Short };
        }
        if let Some(number) = read_number(words) {
            return Label::Number(number);
        }
        match words {
            words if NEXT_PAGE.contains(&words) => Label::NextPage,
            words if NEXT.contains(&words) => Label::Next,
            _ if words.split_whitespace().count() <= 5 => Label::Short,
            _ => Label::Long,
        }
    }
}

fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{900}'..='\u{dff}' | '\u{e00}'..='\u{e7f}')
}

/// Reads "2", "Page 2", "第2页", "۲".
fn read_number(words: &str) -> Option<u32> {
    let (mut digits, mut rest, mut was_digit, mut runs) = (String::new(), String::new(), false, 0);
    for letter in words.chars() {
        match digit(letter) {
            Some(value) => {
                runs += u32::from(!was_digit);
                digits.extend(char::from_digit(value, 10));
            }
            None => rest.push(letter),
        }
        was_digit = digit(letter).is_some();
    }
    let rest = rest.trim_matches(|letter: char| letter.is_whitespace() || letter.is_ascii_punctuation());
    let is_page = rest.is_empty() || PAGE.contains(&rest);
    digits.parse().ok().filter(|_| runs == 1 && is_page && digits.len() <= 3)
}

/// Returns the value of a digit of the scripts that pagers use.
fn digit(letter: char) -> Option<u32> {
    let zero = match letter {
        '0'..='9' => '0',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        '０'..='９' => '０',
        _ => return None,
    };
    Some(u32::from(letter) - u32::from(zero))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_are_read_in_many_languages() {
        for (text, wanted) in [
            ("2", Label::Number(2)),
            ("Page 2", Label::Number(2)),
            ("[3]", Label::Number(3)),
            ("第2页", Label::Number(2)),
            ("۲", Label::Number(2)),
            ("Seite 12", Label::Number(12)),
            ("2 comments", Label::Short),
            ("2 / 5", Label::Short),
            ("下一页", Label::NextPage),
            ("Page suivante »", Label::NextPage),
            ("следующая страница →", Label::NextPage),
            ("หน้าถัดไป", Label::NextPage),
            ("next ›", Label::Next),
            ("Weiter", Label::Next),
            (">>", Label::Next),
            ("‹", Label::Short),
            ("Older", Label::Short),
            ("Next post: Rain returns to the valley", Label::Long),
        ] {
            assert_eq!(Label::read(text), wanted, "{text}");
        }
    }
}
