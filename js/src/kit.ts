/**
 * What the widget shares with its chunks: one Preact, one set of signals, and the modules that hold state or that both
 * draw with. The build of a chunk leaves out what is named here (`vite.config.ts` reads it).
 */
import {
  batch,
  computed,
  effect,
  signal,
  untracked,
  useComputed,
  useSignal,
  useSignalEffect,
} from "@preact/signals";
import { createContext, render } from "preact";
import { useContext, useEffect, useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Fragment, jsx, jsxs } from "preact/jsx-runtime";
import * as actions from "./actions.js";
import * as clipboard from "./clipboard.js";
import * as keys from "./keys.js";
import * as parser from "./markdown/parser.js";
import * as policy from "./markdown/policy.js";
import * as numbers from "./numbers.js";
import * as pages from "./pages.js";
import * as partial from "./partial.js";
import * as phrases from "./phrases.js";
import * as read from "./read.js";
import * as schema from "./schema.js";
import * as strings from "./strings.js";
import * as time from "./time.js";
import * as button from "./ui/Button.js";
import * as code from "./ui/Code.js";
import * as context from "./ui/context.js";
import * as icons from "./ui/icons.js";

// Of the libraries only what is asked for: all of a namespace would be in the widget, whoever uses it.
const preact = { createContext, render };
const hooks = { useContext, useEffect, useLayoutEffect, useMemo, useRef };
const runtime = { Fragment, jsx, jsxs };
const signals = { batch, computed, effect, signal, untracked, useComputed, useSignal, useSignalEffect };

export const kit: Record<string, unknown> = {
  "@preact/signals": signals,
  preact: preact,
  "preact/hooks": hooks,
  "preact/jsx-runtime": runtime,
  "src/actions": actions,
  "src/clipboard": clipboard,
  "src/keys": keys,
  "src/markdown/parser": parser,
  "src/markdown/policy": policy,
  "src/numbers": numbers,
  "src/pages": pages,
  "src/partial": partial,
  "src/phrases": phrases,
  "src/read": read,
  "src/schema": schema,
  "src/strings": strings,
  "src/time": time,
  "src/ui/Button": button,
  "src/ui/Code": code,
  "src/ui/context": context,
  "src/ui/icons": icons,
};
