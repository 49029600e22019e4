//! Finds dates in words or numbers anywhere in a short text.

use std::borrow::Cow;
use std::sync::LazyLock;

use foldhash::HashMap;
use jiff::civil::Date;

use super::DayMonthOrder;

/// Month names in many languages, one string per month. Prefixes of three letters or more match too.
const MONTH_NAMES: [&str; 12] = [
    "january januar janvier enero gennaio janeiro gener januari stycznia styczeń января январь януари \
     січня ocak ianuarie január ιανουαρίου јануар janvāris jaanuar يناير ינואר जनवरी জানুয়ারি มกราคม \
     jänner januarie",
    "february februar février febrero febbraio fevereiro febrer februari lutego luty февраля февраль \
     февруари лютого şubat februarie február φεβρουαρίου фебруар februāris veebruar فبراير פברואר फ़रवरी \
     ফেব্রুয়ারি กุมภาพันธ์ feber fevrier",
    "march märz mars marzo março març maart marts marca marzec марта март березня mart martie március \
     μαρτίου märts mac maret مارس מרץ मार्च মার্চ มีนาคม marz mrt maerz maret",
    "april avril abril aprile kwietnia kwiecień апреля апрель април квітня nisan aprilie április απριλίου \
     aprīlis aprill أبريل אפריל अप्रैल এপ্রিল เมษายน",
    "may mai mayo maggio maio maig mei maj maja мая май травня mayıs május μαΐου мај maijs مايو מאי मई মে \
     พฤษภาคม",
    "june juni juin junio giugno junho juny czerwca czerwiec июня июнь юни червня haziran iunie június \
     ιουνίου jun јун jūnijs juuni يونيو יוני जून জুন มิถุนายน",
    "july juli juillet julio luglio julho juliol lipca lipiec июля июль юли липня temmuz iulie július \
     ιουλίου jul јул jūlijs juuli julai يوليو יולי जुलाई জুলাই กรกฎาคม",
    "august août agosto agost augustus augusti sierpnia sierpień августа август серпня ağustos augusztus \
     αυγούστου avgust augusts ogos agustus أغسطس אוגוסט अगस्त আগস্ট สิงหาคม aout",
    "september septembre septiembre settembre setembro setembre września wrzesień сентября сентябрь \
     септември вересня eylül septembrie szeptember σεπτεμβρίου septembar септембар septembris سبتمبر \
     ספטמבר सितंबर সেপ্টেম্বর กันยายน setiembre",
    "october oktober octobre octubre ottobre outubro października październik октября октябрь октомври \
     жовтня ekim octombrie október οκτωβρίου oktobar октобар oktobris oktoober أكتوبر אוקטובר अक्टूबर \
     অক্টোবর ตุลาคม",
    "november novembre noviembre novembro listopada listopad ноября ноябрь ноември листопада kasım \
     noiembrie νοεμβρίου novembar новембар novembris نوفمبر נובמבר नवंबर নভেম্বর พฤศจิกายน",
    "december dezember décembre diciembre dicembre dezembro desembre grudnia grudzień декабря декабрь \
     декември грудня aralık decembrie δεκεμβρίου decembar децембар decembris detsember disember desember \
     ديسمبر דצמבר दिसंबर ডিসেম্বর ธันวาคม decembre",
];

/// Month names that share a prefix with another month in another language, so that only the full name matches.
const FULL_MONTH_NAMES: [&str; 12] = [
    "ledna tammikuuta siječnja sausio",
    "února helmikuuta veljače vasario",
    "března maaliskuuta ožujka kovo",
    "dubna huhtikuuta travnja balandžio",
    "května toukokuuta svibnja gegužės",
    "června kesäkuuta lipnja birželio",
    "července heinäkuuta srpnja liepos",
    "srpna elokuuta kolovoza rugpjūčio",
    "září syyskuuta rujna rugsėjo",
    "října lokakuuta spalio",
    "listopadu marraskuuta studenoga lapkričio",
    "prosince joulukuuta prosinca gruodžio",
];

/// Month number by word: names, their prefixes, and full-only names.
static MONTH_BY_WORD: LazyLock<HashMap<&'static str, i8>> = LazyLock::new(|| {
    let named = |lists: &'static [&'static str]| {
        (1..).zip(lists).flat_map(|(month, names)| names.split(' ').map(move |name| (name, month)))
    };
    let cut =
        |(name, month): (&'static str, i8)| name.char_indices().skip(3).map(move |(end, _)| (&name[..end], month));
    let mut months = HashMap::default();
    for (word, month) in named(&MONTH_NAMES).chain(named(&FULL_MONTH_NAMES)).chain(named(&MONTH_NAMES).flat_map(cut)) {
        months.entry(word).or_insert(month);
    }
    months
});

/// Returns the month for a lower-case word.
pub(super) fn month_number(word: &str) -> Option<i8> {
    MONTH_BY_WORD.get(word).copied()
}

/// Returns whether a character is a vowel sign or accent, which belongs to the letter before it.
fn is_combining_mark(letter: char) -> bool {
    matches!(letter as u32, 0x0300..=0x036F | 0x0900..=0x0DFF | 0x0E31..=0x0E4E)
}

/// Converts digits of other scripts to ASCII.
fn to_ascii_digits(text: &str) -> Cow<'_, str> {
    let plain = |letter: char| {
        let code = letter as u32;
        let zero = [0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10]
            .into_iter()
            .find(|zero| (*zero..zero + 10).contains(&code))?;
        char::from_digit(code - zero, 10)
    };
    if !text.chars().any(|letter| plain(letter).is_some()) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().map(|letter| plain(letter).unwrap_or(letter)).collect())
}

/// Returns the first date in a lower-case text.
pub(super) fn find_date(lower: &str, order: DayMonthOrder) -> Option<Date> {
    let lower = to_ascii_digits(lower);
    let words: Vec<&str> = lower
        .split(|letter: char| !letter.is_alphanumeric() && !is_combining_mark(letter))
        .filter(|word| !word.is_empty())
        .collect();
    date_with_month_name(&words).or_else(|| east_asian_date(&lower)).or_else(|| numeric_date(&words, &lower, order))
}

fn parse_year(word: &str) -> Option<i16> {
    let year = (word.len() == 4).then(|| word.parse::<i16>().ok()).flatten()?;
    // Thailand uses the Buddhist calendar.
    let year = if (2523..2643).contains(&year) { year - 543 } else { year };
    (1980..2200).contains(&year).then_some(year)
}

fn parse_day(word: &str) -> Option<i8> {
    let digits = word.trim_end_matches(|letter: char| letter.is_alphabetic());
    let ending = &word[digits.len()..];
    let known = matches!(ending, "" | "st" | "nd" | "rd" | "th" | "er" | "º" | "ª");
    digits.parse().ok().filter(|day| known && (1..=31).contains(day))
}

/// Parses `6 May 2024`, `May 6, 2024`, `2024. május 6.`
fn date_with_month_name(words: &[&str]) -> Option<Date> {
    let is_number = |word: &&&str| word.starts_with(|letter: char| letter.is_ascii_digit());
    let joins = |word: &&&str| !matches!(**word, "de" | "del" | "of" | "the" | "d");
    for (at, word) in words.iter().enumerate() {
        let before = words[..at].iter().rev().find(joins).filter(is_number);
        let mut following = words[at + 1..].iter().filter(joins);
        let next = following.next().filter(is_number);
        let Some(next) = next.filter(|_| !is_number(&word)) else { continue };
        let Some(month) = month_number(word) else { continue };
        let day_before = before.and_then(|word| parse_day(word));
        let dated = |year: Option<i16>, day: Option<i8>| Date::new(year?, month, day?).ok();
        let found = dated(parse_year(next), day_before)
            .or_else(|| dated(before.and_then(|word| parse_year(word)), parse_day(next)))
            .or_else(|| dated(following.next().and_then(|word| parse_year(word)), parse_day(next)));
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Parses `2024年5月6日` and `2024년 5월 6일`.
fn east_asian_date(text: &str) -> Option<Date> {
    let numbers: Vec<&str> =
        text.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty()).collect();
    let marked = ["年", "년"].iter().any(|mark| text.contains(mark));
    let at = numbers.iter().position(|number| parse_year(number).is_some()).filter(|_| marked)?;
    let part = |ahead: usize| numbers.get(at + ahead).and_then(|number| number.parse::<i8>().ok());
    Date::new(parse_year(numbers[at])?, part(1)?, part(2)?).ok()
}

/// Parses `06.05.2024`, `6/5/2024`, `2024.05.06` and `06.05.24`. Dotted dates are day first; with `/` the order is that
/// of the page's language. If unknown, the date is accepted only when one order is impossible.
fn numeric_date(words: &[&str], text: &str, order: DayMonthOrder) -> Option<Date> {
    let plain = |word: &&str| word.bytes().all(|byte| byte.is_ascii_digit());
    let three = words
        .windows(3)
        .find(|three| three.iter().all(plain) && (parse_year(three[0]).is_some() || ends_with_year(three, text)))?;
    let number = |at: usize| three[at].parse::<i8>().ok();
    if let Some(year) = parse_year(three[0]) {
        return Date::new(year, number(1)?, number(2)?).ok();
    }
    let (first, second) = (number(0)?, number(1)?);
    let year = match parse_year(three[2]) {
        Some(year) => year,
        None => i16::from(number(2)?) + if number(2)? > 80 { 1900 } else { 2000 },
    };
    let dotted =
        text.contains(&format!("{}.{}.", three[0], three[1])) || text.contains(&format!("{}-{}-", three[0], three[1]));
    let day_first = dotted || first > 12 || (order == DayMonthOrder::DayFirst && second <= 12);
    match (day_first, second > 12 || order == DayMonthOrder::MonthFirst) {
        (true, _) if second <= 12 => Date::new(year, second, first).ok(),
        (false, true) => Date::new(year, first, second).ok(),
        _ => (first == second).then(|| Date::new(year, first, second).ok()).flatten(),
    }
}

/// Returns whether the year comes last: four digits, or two after two dots.
fn ends_with_year(three: &[&str], text: &str) -> bool {
    let short = || {
        let written = format!("{}.{}.{}", three[0], three[1], three[2]);
        let alone = |at: usize| !text[at + written.len()..].starts_with(['.', ':']);
        three[1].len() == 2 && three[2].len() == 2 && text.find(&written).is_some_and(alone)
    };
    parse_year(three[2]).is_some() || short()
}
