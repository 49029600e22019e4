//! Evaluates the media queries of `<source>` for a column of text on a light screen.

/// Width and height of the screen, in pixels.
const SCREEN: (f64, f64) = (1024.0, 768.0);
/// Pixels per `em`.
const EM: f64 = 16.0;

/// Returns whether a media query list holds. What is unknown holds.
pub(super) fn fits(list: &str) -> bool {
    let list = list.to_ascii_lowercase();
    list.trim().is_empty() || list.split(',').any(query_fits)
}

fn query_fits(query: &str) -> bool {
    let query = query.trim();
    let (negated, query) = query.strip_prefix("not ").map_or((false, query), |rest| (true, rest));
    let fits = query.split(" and ").all(|condition| condition_fits(condition.trim()));
    fits != negated
}

fn condition_fits(condition: &str) -> bool {
    let condition = condition.trim_start_matches("only ").trim_matches(['(', ')', ' ']);
    if let Some((name, value)) = condition.split_once(':') {
        let (name, value) = (name.trim(), value.trim());
        return match name {
            "min-width" => pixels(value).is_none_or(|width| SCREEN.0 >= width),
            "max-width" => pixels(value).is_none_or(|width| SCREEN.0 <= width),
            "min-height" => pixels(value).is_none_or(|height| SCREEN.1 >= height),
            "max-height" => pixels(value).is_none_or(|height| SCREEN.1 <= height),
            "prefers-color-scheme" => value != "dark",
            "prefers-reduced-motion" | "prefers-contrast" => value == "no-preference",
            "orientation" => value != "portrait",
            _ => !name.contains("pixel-ratio") && name != "min-resolution",
        };
    }
    range_fits(condition).unwrap_or(!matches!(condition, "print" | "speech" | "tv"))
}

/// Evaluates `width >= 600px`.
fn range_fits(condition: &str) -> Option<bool> {
    let condition = condition.strip_prefix("width")?.trim();
    let value = pixels(condition.trim_start_matches(['<', '>', '=', ' ']))?;
    match condition.chars().next()? {
        '<' => Some(SCREEN.0 < value),
        '>' => Some(SCREEN.0 > value),
        _ => None,
    }
}

fn pixels(length: &str) -> Option<f64> {
    let number = length.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    let unit = if length.ends_with("em") { EM } else { 1.0 };
    number.trim().parse::<f64>().ok().map(|number| number * unit)
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_light_screen_with_a_column_of_text_is_assumed() {
        for (query, wanted) in [
            ("", true),
            ("(max-width:600px)", false),
            ("(min-width: 601px)", true),
            ("screen and (min-width: 40em) and (max-width: 80em)", true),
            ("only screen and (max-width: 30rem)", false),
            ("(prefers-color-scheme: dark)", false),
            ("(prefers-color-scheme: light)", true),
            ("(max-width: 400px), (orientation: landscape)", true),
            ("(width < 700px)", false),
            ("(width >= 700px)", true),
            ("not all and (min-width: 600px)", false),
            ("print", false),
            ("(unheard-of: 1)", true),
        ] {
            assert_eq!(super::fits(query), wanted, "{query}");
        }
    }
}
