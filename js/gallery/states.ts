/** What is in the gallery: every golden state, those of pytest first, then those written by hand. */

type State = Record<string, unknown>;

export interface Entry {
  /** Unique: the file's name without `.json`, after the folder that it is from. */
  name: string;
  state: State;
  /** No kernel is behind it: the comm is closed. */
  gone?: boolean;
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

/** What a page makes of a state when its kernel has gone. */
const gone: Entry[] = ["plain", "waiting", "verdicts"].flatMap((name) => {
  const entry = [...fromPython, ...byHand].find((one) => one.name.endsWith(`/${name}`));
  return entry ? [{ ...entry, name: `gone/${name}`, gone: true }] : [];
});

export const entries: readonly Entry[] = [...fromPython, ...byHand, ...gone];
