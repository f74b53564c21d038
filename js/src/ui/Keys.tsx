import { type Action, actions, type Group } from "../actions.js";
import { keyOf, spell } from "../keys.js";
import { strings } from "../strings.js";
import { useChat } from "./context.js";
import { Dialog } from "./Dialog.js";

const GROUPS: readonly Group[] = ["chat", "message", "move", "host"];

/** Which keys do what. */
export function Keys() {
  const { store, host } = useChat().chat;
  const look = store.look.value;
  const rowsOf = (group: Group): [string, string][] =>
    actions
      .filter((action: Action) => action.group === group && keyOf(action, look))
      .map((action) => [strings[action.label], keyOf(action, look)]);
  const writing: [string, string][] = [
    [strings.send, "Enter"],
    [strings.newLine, "Shift+Enter"],
    [strings.recall, "↑"],
    [strings.commandsHere, "/"],
    [strings.variablesHere, "@"],
    [strings.allow, "Mod+Enter"],
  ];
  return (
    <Dialog title={strings.keys} class="cw-keys">
      <p class="cw-keys-about">{strings.keysAbout}</p>
      <div class="cw-keys-groups">
        <Rows title={strings.write} rows={writing} />
        {GROUPS.map((group) => (
          <Rows key={group} title={strings.keyGroups[group]} rows={rowsOf(group)} />
        ))}
      </div>
      {!host.insertCell && <p class="cw-keys-about">{strings.insertNowhere}</p>}
    </Dialog>
  );
}

function Rows({ title, rows }: { title: string; rows: readonly [string, string][] }) {
  if (rows.length === 0) return null;
  return (
    <section class="cw-keys-group">
      <h3>{title}</h3>
      <dl>
        {rows.map(([label, key]) => (
          <div class="cw-keys-row" key={label}>
            <dt>{label}</dt>
            <dd>
              <kbd class="cw-kbd">{spell(key)}</kbd>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
