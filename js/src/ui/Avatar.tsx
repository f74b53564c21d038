import { host, safeImage } from "../markdown/policy.js";
import { say } from "../strings.js";
import { useChat } from "./context.js";

/** Who speaks: a picture or sign of the author's choice, else initials on a colour that the name always has. */
export function Avatar({ name }: { name: string }) {
  const { chat } = useChat();
  const { pictures } = chat.local;
  const chosen = chat.store.look.value.avatars.get(name)?.trim() ?? "";
  const isAddress = /^[a-z]+:/i.test(chosen);
  const policy = isAddress ? safeImage(chosen) : null;
  const style = { "--cw-hue": hue(name) };
  if (policy === "show" || (policy === "ask" && pictures.value.has(chosen)))
    return <img class="cw-avatar" src={chosen} alt="" draggable={false} referrerpolicy="no-referrer" />;
  if (policy === "ask") {
    const label = say("loadImage", { host: host(chosen) });
    return (
      <button
        type="button"
        class="cw-avatar"
        style={style}
        title={label}
        aria-label={label}
        onClick={() => {
          pictures.value = new Set([...pictures.peek(), chosen]);
        }}
      >
        {initials(name)}
      </button>
    );
  }
  const sign = isAddress ? "" : (clusters(chosen)[0] ?? "");
  return (
    <span class={sign ? "cw-avatar cw-sign" : "cw-avatar"} style={style} aria-hidden="true">
      {sign || initials(name)}
    </span>
  );
}

const INITIALS = 2;

/** The first letters of the first two words. */
function initials(name: string): string {
  const words = name.match(/[\p{L}\p{N}][\p{L}\p{M}\p{N}]*/gu) ?? ["?"];
  return words
    .slice(0, INITIALS)
    .map((word) => [...word][0])
    .join("")
    .toUpperCase();
}

/** What a person sees as one sign, be it of several characters. */
const clusters = (text: string): string[] =>
  [...new Intl.Segmenter().segment(text.slice(0, 40))].map((one) => one.segment);

/** The same for the same name, and far apart for names that are alike. */
function hue(name: string): number {
  let hash = 0;
  for (const char of name) hash = (Math.imul(hash, 31) + (char.codePointAt(0) ?? 0)) | 0;
  return (((hash % 360) + 360) * 137) % 360;
}
