/** What a terminal would leave on the screen of a text with colours and progress bars: the words of it. */

// CSI and OSC sequences, other two-character ones, and the start of one whose rest has not come yet.
const ESCAPES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what is looked for
  /\u001b(?:\[[0-?]*[ -/]*(?:[@-~]|$)|\][^\u0007\u001b]*(?:\u0007|\u001b\\|$)|[ -/]*[0-~]|$)/g;

export function plainOutput(text: string): string {
  let plain = text.includes("\u001b") ? text.replace(ESCAPES, "") : text;
  if (plain.includes("\r")) {
    plain = plain.replace(/\r+\n/g, "\n").split("\n").map(overwritten).join("\n");
  }
  return plain;
}

/** A carriage return goes back to the start of the line; what comes then replaces what was there. */
function overwritten(line: string): string {
  if (!line.includes("\r")) return line;
  return line.split("\r").findLast((piece) => piece !== "") ?? "";
}
