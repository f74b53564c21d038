/** What the kernel answers about the transcript: a comparison, the list of chats. Readers never throw. */
import { count, isObject, list, numberOrNull, text } from "./read.js";

export type Op = "=" | "-" | "+";
export type Piece = readonly [Op, string];
export interface Line {
  op: Op;
  text: string;
  /** Which words of it differ, where that is known. */
  words: readonly Piece[] | null;
}

const isOp = (value: unknown): value is Op => value === "=" || value === "-" || value === "+";
const readPiece = (raw: unknown): Piece | null => {
  const [op, words] = list(raw);
  return isOp(op) && typeof words === "string" ? [op, words] : null;
};

export function readDiff(raw: unknown): Line[] {
  const data = isObject(raw) ? raw : {};
  const words = isObject(data.words) ? data.words : {};
  return list(data.lines).flatMap((line, number) => {
    const piece = readPiece(line);
    if (!piece) return [];
    const own = Object.hasOwn(words, number) ? list(words[number]).map(readPiece) : [];
    const known = own.filter((one) => one !== null);
    // Words that are not the line's own would hide what has changed.
    const fits = known.length > 0 && known.map(([, part]) => part).join("") === piece[1];
    return [{ op: piece[0], text: piece[1], words: fits ? known : null }];
  });
}

/** A conversation of this chat, or another chat of this kernel. */
export interface ChatInfo {
  id: string;
  title: string;
  created: number | null;
  messages: number;
  current: boolean;
}
export interface ChatList {
  chats: ChatInfo[];
  widgets: ChatInfo[];
}

export function readChats(raw: unknown): ChatList {
  const data = isObject(raw) ? raw : {};
  const read = (all: unknown, id: string): ChatInfo[] =>
    list(all)
      .filter(isObject)
      .filter((one) => text(one[id]) !== "")
      .map((one) => ({
        id: text(one[id]),
        title: text(one.title).slice(0, 200),
        created: numberOrNull(one.created),
        messages: count(one.messages, 0),
        current: one.current === true,
      }));
  return { chats: read(data.chats, "id"), widgets: read(data.widgets, "model_id") };
}
