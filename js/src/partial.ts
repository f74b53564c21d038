/** The best value of a JSON text that is still arriving; undefined where there is none. */
export function partial(json: string): unknown {
  const closers: string[] = [];
  // Where the text can be cut so that what is left only needs closing.
  let cut = { end: 0, closers: "" };
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at] as string;
    if (char === "\\" && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "," || char === "{" || char === "[") {
      if (char !== ",") closers.unshift(char === "{" ? "}" : "]");
      cut = { end: char === "," ? at : at + 1, closers: closers.join("") };
    } else if (char === "}" || char === "]") closers.shift();
  }
  const whole = quoted ? `${json.replace(/\\(u[0-9a-f]{0,3})?$/i, "")}"` : json;
  return parsed(whole + closers.join("")) ?? parsed(json.slice(0, cut.end) + cut.closers);
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
