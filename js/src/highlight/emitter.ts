/** Receives highlight.js's tokens as rows: a line each, cut into pieces of one kind. */

/** The kind of a piece ("" for none), and its text. */
export type Piece = readonly [kind: string, text: string];
export type Row = Piece[];

/** A row at whose start nothing is open, and where it is in the text. */
export interface Border {
  row: number;
  at: number;
}

/** Our few kinds, of highlight.js's many. Innermost first; what is not named has the kind of what is around it. */
const KINDS: Record<string, string> = {
  keyword: "k",
  operator: "",
  punctuation: "",
  property: "a",
  built_in: "b",
  type: "t",
  literal: "n",
  number: "n",
  regexp: "s",
  string: "s",
  char: "s",
  symbol: "n",
  subst: "",
  link: "s",
  class: "t",
  title: "f",
  params: "",
  function: "",
  variable: "a",
  attr: "a",
  attribute: "a",
  name: "k",
  tag: "",
  section: "f",
  comment: "c",
  doctag: "c",
  quote: "c",
  meta: "m",
  bullet: "m",
  code: "s",
  formula: "n",
  emphasis: "e",
  strong: "g",
  addition: "s",
  deletion: "k",
  "selector-tag": "k",
  "selector-id": "f",
  "selector-class": "f",
  "selector-attr": "a",
  "selector-pseudo": "m",
  "template-tag": "k",
  "template-variable": "a",
};

export class RowEmitter {
  readonly rows: Row[] = [[]];
  readonly borders: Border[] = [];
  length = 0;
  private readonly kinds: string[] = [];

  addText(text: string): void {
    if (!text) return;
    const kind = this.kinds.at(-1) ?? "";
    const lines = text.split(/(?<=\n)/);
    for (const line of lines) {
      this.add([kind, line]);
      if (!line.endsWith("\n")) continue;
      if (this.kinds.length === 0) this.borders.push({ row: this.rows.length, at: this.length });
      this.rows.push([]);
    }
  }

  openNode(scope: string): void {
    const name = scope.split(".")[0] ?? "";
    this.kinds.push(KINDS[scope] ?? KINDS[name] ?? this.kinds.at(-1) ?? "");
  }

  closeNode(): void {
    this.kinds.pop();
  }

  startScope(scope: string): void {
    this.openNode(scope);
  }

  endScope(): void {
    this.closeNode();
  }

  /** Another language inside this one; it cannot be entered in its middle. */
  __addSublanguage({ rows }: RowEmitter): void {
    rows.forEach((row, index) => {
      if (index > 0) this.rows.push([]);
      for (const piece of row) this.add(piece);
    });
  }

  finalize(): void {}

  toHTML(): string {
    return "";
  }

  private add([kind, text]: Piece): void {
    const row = this.rows.at(-1) as Row;
    const last = row.at(-1);
    if (last?.[0] === kind) row[row.length - 1] = [kind, last[1] + text];
    else row.push([kind, text]);
    this.length += text.length;
  }
}
