import { useComputed } from "@preact/signals";
import { useRef } from "preact/hooks";
import { type Group, groupsOf } from "../calls.js";
import type { MessageView, PartView } from "../store.js";
import { strings } from "../strings.js";
import { CallGroup } from "./CallGroup.js";
import { useChat } from "./context.js";
import { GroupedCall } from "./GroupedCall.js";
import { PartOf } from "./PartOf.js";
import { Sources } from "./Sources.js";

/** What a message consists of: many calls in a row behind a line, its sources at the end. */
export function Parts({ message }: { message: MessageView }) {
  const { chat } = useChat();
  const before = useRef<ReadonlyMap<PartView, Group>>(new Map());
  const groups = useComputed(() => {
    const now = groupsOf(chat.store.messages, message);
    if (!same(before.current, now)) before.current = now;
    return before.current;
  });
  const parts = message.parts.value;
  const sources = parts.filter((part) => part.type === "source");
  return (
    <div class="cw-content">
      {parts.map((part) => {
        if (part.type === "source") return null;
        const group = groups.value.get(part) ?? null;
        if (part.type !== "tool_call" && !group)
          return <PartOf key={part.key} message={message} part={part} />;
        const first = group?.calls[0]?.part === part;
        return [
          group && first && <CallGroup key={`calls/${part.key}`} group={group} />,
          <GroupedCall key={part.key} message={message} part={part} group={group} />,
        ];
      })}
      {sources.length > 0 && <Sources id={message.key} parts={sources} />}
      <Nothing message={message} />
    </div>
  );
}

/** An answer that is over and has no words says so. */
function Nothing({ message }: { message: MessageView }) {
  const { role, status, scope } = message.head.value;
  if (role === "user" || status !== "complete" || scope) return null;
  const parts = message.parts.value;
  const empty = parts.every((view) => {
    if (view.type !== "text") return false;
    const part = view.part.value;
    return part.type === "text" && !part.text.trim();
  });
  return empty ? <p class="cw-tool-none">{strings.emptyAnswer}</p> : null;
}

/** Each group is compared once, however many calls it has. */
function same(a: ReadonlyMap<PartView, Group>, b: ReadonlyMap<PartView, Group>): boolean {
  if (a.size !== b.size) return false;
  const compared = new Map<Group, Group>();
  for (const [part, group] of b) {
    const before = a.get(part);
    const known = compared.get(group);
    if (known ? known !== before : !before || !sameCalls(before, group)) return false;
    compared.set(group, before as Group);
  }
  return true;
}

const sameCalls = (a: Group, b: Group): boolean =>
  a.calls.length === b.calls.length && b.calls.every((call, index) => call.part === a.calls[index]?.part);
