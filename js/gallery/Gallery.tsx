import { useEffect } from "preact/hooks";
import { Picture } from "./Picture.js";
import { change, matches, settings } from "./settings.js";
import { entries } from "./states.js";
import { Toolbar } from "./Toolbar.js";

export function Gallery() {
  const { theme, width, folds, height, language, filter, at } = settings.value;
  const shown = entries.filter((entry) => matches(entry.name, filter));
  useEffect(() => document.getElementById(at)?.scrollIntoView(), [at]);
  return (
    <>
      <nav class="g-index" aria-label="States">
        <h1>chatwidget</h1>
        <p>
          {shown.length} of {entries.length} states
        </p>
        {shown.map(({ name }) => (
          <button
            type="button"
            key={name}
            aria-current={name === at}
            onClick={() => {
              change({ at: name });
              document.getElementById(name)?.scrollIntoView();
            }}
          >
            {name}
          </button>
        ))}
      </nav>
      <main>
        <Toolbar />
        {shown.map((entry) => (
          <section key={entry.name} id={entry.name}>
            <h2>{entry.name}</h2>
            <div class="g-row">
              {width.flatMap((one) =>
                theme.map((look) => (
                  <Picture
                    key={`${look} ${one}`}
                    entry={entry}
                    theme={look}
                    width={one}
                    folds={folds}
                    height={height}
                    language={language}
                  />
                )),
              )}
            </div>
          </section>
        ))}
        {shown.length === 0 && <p>No state has a name with “{filter}”.</p>}
      </main>
    </>
  );
}
