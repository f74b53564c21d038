import { showControls } from "../markdown/parser.js";
import { host, safeLink } from "../markdown/policy.js";
import type { SourcePart } from "../schema.js";
import type { PartView } from "../store.js";
import { say } from "../strings.js";
import { useChat } from "./context.js";
import { RightIcon } from "./icons.js";

/** As many are named before the list is unfolded. */
const NAMED = 3;
/** And as many then. */
const MOST = 500;
const LONGEST = 300;

/** What an answer rests on: the first few as numbered chips, all of them in a list on demand. */
export function Sources({ id, parts }: { id: string; parts: readonly PartView[] }) {
  const { view } = useChat();
  const chosen = view.card(`${id}/sources`);
  const open = chosen.value === true;
  const sources = unique(parts.map((part) => part.part.value as SourcePart));
  const more = sources.length > NAMED || sources.some((source) => source.text);
  return (
    <div class="cw-sources">
      <div class="cw-source-row">
        {!open &&
          sources.slice(0, NAMED).map((source, index) => <Chip key={index} n={index + 1} source={source} />)}
        {more && (
          <button
            type="button"
            class="cw-disclosure"
            aria-expanded={open}
            onClick={() => {
              chosen.value = !open;
            }}
          >
            {say("sources", { n: sources.length })}
            <RightIcon />
          </button>
        )}
      </div>
      {open && (
        <ol class="cw-source-list">
          {sources.slice(0, MOST).map((source, index) => (
            <li key={index}>
              <Chip n={index + 1} source={source} />
              {source.text && <p dir="auto">{clip(source.text)}</p>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function Chip({ n, source }: { n: number; source: SourcePart }) {
  const link = safeLink(source.url);
  const where = clip(link ? host(link) : source.url);
  const title = clip(source.title);
  const inside = (
    <>
      <span class="cw-source-number">{n}</span>
      {title && (
        <span class="cw-source-title" dir="auto">
          {title}
        </span>
      )}
      {where && where !== title && (
        <span class="cw-source-host" dir="ltr">
          {where}
        </span>
      )}
    </>
  );
  // In-page addresses are those of the notebook, which is no source.
  if (!link || link.startsWith("#")) return <span class="cw-source">{inside}</span>;
  return (
    <a
      class="cw-source"
      href={link}
      target="_blank"
      rel="noopener noreferrer nofollow"
      title={`${title}\n${link}`.trim()}
    >
      {inside}
    </a>
  );
}

const clip = (text: string): string => showControls(text.slice(0, LONGEST)).replace(/\s+/g, " ");

/** Each address once; what has none is told apart by its words. */
function unique(sources: readonly SourcePart[]): SourcePart[] {
  const known = new Map<string, SourcePart>();
  for (const source of sources) {
    const key = source.url || `${source.title}\n${source.text}`;
    if (!known.has(key)) known.set(key, source);
  }
  return [...known.values()];
}
