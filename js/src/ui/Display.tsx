import { useSignal } from "@preact/signals";
import {
  altOf,
  EXACT_JSON,
  fileOf,
  JSON_TYPE,
  ownType,
  PLOTLY,
  pictureOf,
  plainText,
  soundOf,
  TABLE,
  textOf,
} from "../bundle.js";
import type { Bundle } from "../schema.js";
import { strings } from "../strings.js";
import { Audio } from "./Audio.js";
import { useChat } from "./context.js";
import { Frame } from "./Frame.js";
import { MarkdownText } from "./MarkdownText.js";
import { Figure, File, type Place } from "./Media.js";
import { TextBlock } from "./TextBlock.js";

interface Props {
  bundle: Bundle;
  /** Where its file can be asked for. */
  place?: Place | undefined;
}

/** What code displayed: the richest form of its MIME bundle that can be shown without trusting it. */
export function Display({ bundle, place }: Props) {
  const { chat } = useChat();
  const own = ownType(bundle, chat.store.renderers.value);
  const usual = <Usual bundle={bundle} place={place} />;
  if (!own) return usual;
  const lazy = chat.chunks.get("interface").value;
  if (!lazy) return usual;
  return (
    <lazy.Custom key={own} type={own} data={bundle[own]}>
      {usual}
    </lazy.Custom>
  );
}

/** Those forms of it that this widget knows. What the lazy ones have as a child takes their place where they cannot. */
function Usual({ bundle, place }: Props) {
  const { chat } = useChat();
  const lazy = (type: string) => (type in bundle ? chat.chunks.get("interface").value : null);
  const file = fileOf(bundle);
  const sound = soundOf(bundle);
  const plot = lazy(PLOTLY);
  if (plot)
    return <plot.Plot figure={bundle[PLOTLY]}>{pictureOf(bundle) && <Picture bundle={bundle} />}</plot.Plot>;
  if (file) return <File part={file} place={place} />;
  if (sound) return <Audio src={sound} label={altOf(bundle)} />;
  const table = lazy(TABLE);
  const simple = <Simple bundle={bundle} />;
  return table ? <table.Table table={bundle[TABLE]}>{simple}</table.Table> : simple;
}

function Simple({ bundle }: { bundle: Bundle }) {
  const { chat } = useChat();
  // HTML that draws itself by a script stays empty in the frame.
  const blank = useSignal("");
  const html = textOf(bundle, "text/html");
  const picture = pictureOf(bundle);
  if (html && blank.value !== html && !(picture && /<script/i.test(html))) {
    return (
      <Frame
        html={html}
        onBlank={() => {
          blank.value = html;
        }}
      />
    );
  }
  if (picture) return <Picture bundle={bundle} />;
  const markdown = textOf(bundle, "text/markdown");
  if (markdown) return <MarkdownText text={markdown} />;
  const text = <TextBlock text={plainText(bundle)} />;
  if (!(JSON_TYPE in bundle) || textOf(bundle, "text/latex")) return text;
  const tree = chat.chunks.get("interface").value;
  if (!tree) return text;
  return (
    <tree.JsonTree value={bundle[JSON_TYPE]} exact={textOf(bundle, EXACT_JSON)}>
      {text}
    </tree.JsonTree>
  );
}

function Picture({ bundle }: { bundle: Bundle }) {
  return <Figure class="cw-figure" src={pictureOf(bundle)} alt={altOf(bundle) || strings.toolOutput} />;
}
