/** By what names code of a language that can be coloured is known; the languages themselves come as a chunk. */
const NAMES = new Set(
  "bash sh zsh shell console shellsession c h cpp c++ cc cxx hpp cs c# csharp css docker dockerfile go golang ini toml java javascript js jsx mjs cjs json jsonc json5 julia jl latex tex markdown md php python py python3 ipython pycon python-repl r ruby rb rust rs sql mysql postgresql postgres sqlite typescript ts tsx xml html xhtml svg yaml yml".split(
    " ",
  ),
);

export const hasColours = (language: string): boolean => NAMES.has(language.toLowerCase());
