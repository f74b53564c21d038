import { change, FOLDS, HEIGHTS, LANGUAGES, settings, THEMES, WIDTHS } from "./settings.js";

export function Toolbar() {
  const { theme, width, folds, height, language, filter } = settings.value;
  return (
    <form class="g-toolbar" onSubmit={(event) => event.preventDefault()}>
      <label>
        Filter
        <input
          type="search"
          name="filter"
          value={filter}
          onInput={(event) => change({ filter: event.currentTarget.value })}
        />
      </label>
      <Choice label="Theme" all={THEMES} chosen={theme} onChange={(chosen) => change({ theme: chosen })} />
      <Choice label="Width" all={WIDTHS} chosen={width} onChange={(chosen) => change({ width: chosen })} />
      <One label="Folds" all={FOLDS} chosen={folds} onChange={(chosen) => change({ folds: chosen })} />
      <One label="Height" all={HEIGHTS} chosen={height} onChange={(chosen) => change({ height: chosen })} />
      <One
        label="Language"
        all={LANGUAGES}
        chosen={language}
        onChange={(chosen) => change({ language: chosen })}
      />
    </form>
  );
}

interface Props<T, Chosen> {
  label: string;
  all: readonly T[];
  chosen: Chosen;
  onChange: (chosen: Chosen) => void;
}

/** Any of them, but never none. */
function Choice<T extends string>({ label, all, chosen, onChange }: Props<T, readonly T[]>) {
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input
            type="checkbox"
            checked={chosen.includes(one)}
            disabled={chosen.length === 1 && chosen.includes(one)}
            onChange={() => onChange(all.filter((other) => chosen.includes(other) !== (other === one)))}
          />
          {one}
        </label>
      ))}
    </fieldset>
  );
}

function One<T extends string>({ label, all, chosen, onChange }: Props<T, T>) {
  return (
    <fieldset>
      <legend>{label}</legend>
      {all.map((one) => (
        <label key={one}>
          <input type="radio" name={label} checked={one === chosen} onChange={() => onChange(one)} />
          {one}
        </label>
      ))}
    </fieldset>
  );
}
