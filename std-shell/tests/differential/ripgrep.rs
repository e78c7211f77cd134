//! What `rg --json` tells, in the form that all is compared in.

use serde_json::Value;

use crate::model::describe;

/// The lines that match.
pub fn lines_of_json(json: &[u8]) -> String {
    let mut lines = String::new();
    for message in String::from_utf8_lossy(json).lines() {
        let message: Value = serde_json::from_str(message).unwrap();
        let data = &message["data"];
        if message["type"] != "match" {
            continue;
        }
        let text = match &data["lines"]["text"] {
            Value::String(text) => text.clone(),
            _ => String::from_utf8_lossy(&unbase64(&data["lines"]["bytes"])).into_owned(),
        };
        let number = |value: &Value| value.as_u64().unwrap();
        let marks = data["submatches"].as_array().unwrap().iter();
        let marks: Vec<[usize; 2]> = marks
            .map(|mark| [number(&mark["start"]) as usize, number(&mark["end"]) as usize])
            .collect();
        let path = data["path"]["text"].as_str().unwrap();
        let text = text.strip_suffix('\n').unwrap_or(&text);
        let (line, offset) = (number(&data["line_number"]), number(&data["absolute_offset"]));
        lines += &describe(path, line, offset, text, &marks);
        lines.push('\n');
    }
    lines
}

fn unbase64(text: &Value) -> Vec<u8> {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::new();
    let (mut bits, mut held) = (0u32, 0);
    for letter in text.as_str().unwrap().bytes().filter(|&letter| letter != b'=') {
        let value = LETTERS.iter().position(|&known| known == letter).unwrap();
        (bits, held) = (bits << 6 | value as u32, held + 6);
        if held >= 8 {
            held -= 8;
            bytes.push((bits >> held) as u8);
            bits &= (1 << held) - 1;
        }
    }
    bytes
}
