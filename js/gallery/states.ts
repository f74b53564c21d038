/** What is in the gallery: every golden state, those of pytest first, then those by hand, then what is done in them. */
import type { Stage, Staged } from "./stage.js";
import { stages } from "./stages.js";

type State = Record<string, unknown>;

export interface Entry {
  /** Unique: the file's name without `.json`, after the folder that it is from. */
  name: string;
  state: State;
  /** No kernel is behind it: the comm is closed. */
  gone?: boolean;
  stage?: Stage;
}

const golden = import.meta.glob<{ state: State }>("../../tests/golden/state-*.json", {
  eager: true,
  import: "default",
});
const ours = import.meta.glob<State>("../test/states/*.json", { eager: true, import: "default" });

const stem = (path: string) => path.replace(/^.*\/(state-)?|\.json$/g, "");

const fromPython: Entry[] = Object.entries(golden).map(([path, { state }]) => ({
  name: `golden/${stem(path)}`,
  state,
}));
const byHand: Entry[] = Object.entries(ours).map(([path, state]) => ({
  name: `screen/${stem(path)}`,
  state,
}));
const states = [...fromPython, ...byHand];

function stateOf(name: string): State {
  const found = states.find((one) => one.name === name);
  if (!found) throw new Error(`the gallery has no state ${name}`);
  return found.state;
}

const staged = ({ name, of, traits, ...stage }: Staged): Entry => ({
  name: `stage/${name}`,
  state: { ...stateOf(of), ...traits },
  stage,
});

/** What a page makes of a state when its kernel has gone. */
const gone = ["golden/plain", "screen/waiting", "golden/verdicts"].map(
  (of): Entry => ({ name: `gone/${of.replace(/.*\//, "")}`, state: stateOf(of), gone: true }),
);

export const entries: readonly Entry[] = [...states, ...gone, ...stages.map(staged)];
