/** The best value of a JSON text that is still arriving; undefined where there is none. */
export function partial(json: string): unknown {
  const open: string[] = [];
  // What was closed since the last place where the text can be cut so that what is left only needs closing.
  let closed: string[] = [];
  let end = 0;
  let quoted = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at] as string;
    if (char === "\\" && quoted) at += 1;
    else if (char === '"') quoted = !quoted;
    else if (quoted) continue;
    else if (char === "," || char === "{" || char === "[") {
      if (char !== ",") open.push(char === "{" ? "}" : "]");
      end = char === "," ? at : at + 1;
      closed = [];
    } else if (char === "}" || char === "]") {
      const last = open.pop();
      if (last) closed.push(last);
    }
  }
  const whole = quoted ? `${json.replace(/\\(u[0-9a-f]{0,3})?$/i, "")}"` : json;
  const rest = open.reverse().join("");
  return parsed(whole + rest) ?? parsed(json.slice(0, end) + closed.join("") + rest);
}

export function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
