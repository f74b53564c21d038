/**
 * How each host says which theme it is in: marks on its page, and the variables that our styles use, with the values of
 * its own themes (JupyterLab 4.6, VS Code's default themes and its registry of colours, Colab, marimo's globals.css).
 */
export interface HostTheme {
  name: string;
  scheme: "light" | "dark";
  html?: Record<string, string>;
  body?: Record<string, string>;
  variables: Record<string, string>;
  /** The host puts widgets into a shadow root, to which it hands its colour scheme. */
  shadow?: boolean;
}

const JUPYTER_LIGHT = { "--jp-layout-color1": "white", "--jp-ui-font-color1": "rgba(0, 0, 0, 0.87)" };
const JUPYTER_DARK = { "--jp-layout-color1": "#212121", "--jp-ui-font-color1": "rgba(255, 255, 255, 0.87)" };
const JUPYTER_CONTRAST = { "--jp-layout-color1": "#111", "--jp-ui-font-color1": "#fff" };
const jupyter = (app: string, name: string, scheme: "light" | "dark", variables: Record<string, string>) => ({
  name: `${app}, ${name}`,
  scheme,
  body: { "data-jp-theme-light": String(scheme === "light"), "data-jp-theme-name": name },
  variables,
});

/** The widgets' own style sheet brings Jupyter's light colours into every theme. */
const code = (
  name: string,
  mark: string,
  scheme: "light" | "dark",
  background: string,
  text: string,
  dim: string,
  link: string,
  more: Record<string, string> = {},
): HostTheme => ({
  name: `VS Code, ${name}`,
  scheme,
  body: { class: mark, "data-vscode-theme-kind": mark.split(" ")[0] as string },
  variables: {
    ...JUPYTER_LIGHT,
    "--vscode-editor-background": background,
    "--vscode-editor-foreground": text,
    "--vscode-descriptionForeground": dim,
    "--vscode-textLink-foreground": link,
    ...more,
  },
});

const MARIMO = {
  "--background": "light-dark(hsl(0deg 0% 100%), hsl(150deg 7.7% 10.2%))",
  "--foreground": "light-dark(hsl(222.2deg 47.4% 11.2%), hsl(155deg 7% 93%))",
  "--muted-foreground": "light-dark(hsl(215.4deg 16.3% 46.9%), hsl(155deg 5% 68.3%))",
  "--link": "light-dark(hsl(211deg 90% 42%), hsl(211deg 90% 62%))",
};

export const THEMES: HostTheme[] = [
  ...["JupyterLab", "Notebook 7"].flatMap((app): HostTheme[] => [
    jupyter(app, "JupyterLab Light", "light", JUPYTER_LIGHT),
    jupyter(app, "JupyterLab Dark", "dark", JUPYTER_DARK),
    jupyter(app, "JupyterLab Dark High Contrast", "dark", JUPYTER_CONTRAST),
  ]),
  code("Light Modern", "vscode-light", "light", "#FFFFFF", "#3B3B3B", "#3B3B3B", "#005FB8"),
  code("Dark Modern", "vscode-dark", "dark", "#1F1F1F", "#CCCCCC", "#9D9D9D", "#4daafc"),
  code("2026 Light", "vscode-light", "light", "#FFFFFF", "#202020", "#606060", "#0069CC"),
  code("2026 Dark", "vscode-dark", "dark", "#121314", "#BBBEBF", "#8C8C8C", "#48A0C7"),
  code("Light+", "vscode-light", "light", "#FFFFFF", "#000000", "#717171", "#006AB1"),
  code("Dark+", "vscode-dark", "dark", "#1E1E1E", "#D4D4D4", "rgba(204, 204, 204, 0.7)", "#3794FF"),
  code(
    "Dark High Contrast",
    "vscode-high-contrast",
    "dark",
    "#000000",
    "#FFFFFF",
    "rgba(255, 255, 255, 0.7)",
    "#21A6FF",
    { "--vscode-contrastBorder": "#6FC3DF" },
  ),
  code(
    "Light High Contrast",
    "vscode-high-contrast-light vscode-high-contrast",
    "light",
    "#FFFFFF",
    "#292929",
    "rgba(41, 41, 41, 0.7)",
    "#0F4A85",
    { "--vscode-contrastBorder": "#0F4A85" },
  ),
  {
    name: "Colab, light",
    scheme: "light",
    html: { theme: "light" },
    variables: {
      ...JUPYTER_LIGHT,
      "--colab-primary-surface-color": "white",
      "--colab-primary-text-color": "#212121",
    },
  },
  {
    name: "Colab, dark",
    scheme: "dark",
    html: { theme: "dark" },
    variables: {
      ...JUPYTER_LIGHT,
      "--colab-primary-surface-color": "#383838",
      "--colab-primary-text-color": "#d5d5d5",
    },
  },
  {
    name: "marimo, light",
    scheme: "light",
    html: { style: "color-scheme: light" },
    body: { class: "light light-theme" },
    variables: MARIMO,
    shadow: true,
  },
  {
    name: "marimo, dark",
    scheme: "dark",
    html: { style: "color-scheme: dark" },
    body: { class: "dark dark-theme" },
    variables: MARIMO,
    shadow: true,
  },
];

/** Make the test page look like a host's; returns how to undo it. */
export function wear({ html = {}, body = {}, variables }: HostTheme): () => void {
  const before = [document.documentElement, document.body].map(
    (element) => [element, [...element.attributes].map(({ name, value }) => [name, value] as const)] as const,
  );
  for (const [name, value] of Object.entries(html)) document.documentElement.setAttribute(name, value);
  for (const [name, value] of Object.entries(body)) document.body.setAttribute(name, value);
  for (const [name, value] of Object.entries(variables))
    document.documentElement.style.setProperty(name, value);
  return () => {
    for (const [element, attributes] of before) {
      for (const { name } of [...element.attributes]) element.removeAttribute(name);
      for (const [name, value] of attributes) element.setAttribute(name, value);
    }
  };
}

/** A colour as light: red, green, blue from 0 to 1, and how much of it covers. */
type Colour = [number, number, number, number];

function read(css: string): Colour {
  const [red = 0, green = 0, blue = 0, alpha = 1] = (css.match(/-?[\d.]+(?:e-?\d+)?/g) ?? []).map(Number);
  const of = css.startsWith("color(srgb") ? 1 : 255;
  return [red / of, green / of, blue / of, alpha];
}

const over = ([r, g, b, a]: Colour, [x, y, z]: Colour): Colour => [
  r * a + x * (1 - a),
  g * a + y * (1 - a),
  b * a + z * (1 - a),
  1,
];

function luminance([r, g, b]: Colour): number {
  const linear = (one: number) => (one <= 0.04045 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** The contrast of one value of a custom property on others, each laid over the one before. */
export function contrast(root: HTMLElement, front: string, ...backs: string[]): number {
  const probe = root.ownerDocument.createElement("i");
  root.append(probe);
  const colour = (value: string): Colour => {
    probe.style.color = value;
    return read(getComputedStyle(probe).color);
  };
  const back = backs.map(colour).reduce((below, above) => over(above, below));
  const [high = 0, low = 0] = [over(colour(front), back), back].map(luminance).sort((a, b) => b - a);
  probe.remove();
  return (high + 0.05) / (low + 0.05);
}
