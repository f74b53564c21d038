/** What this front end needs of a host: anywidget's model, or anything that behaves like it (a page, a test). */
export interface WidgetModel {
  get(key: string): unknown;
  set(key: string, value: unknown): void;
  send(content: unknown, callbacks?: unknown, buffers?: unknown): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off(event: string, callback: (...args: never[]) => void): void;
  widget_manager?: { get_model?(id: string): Promise<unknown> };
}

/** The second model: what a page asks goes by it, so that it gets through while a cell runs. `comm_live` is false in a notebook opened without its kernel. */
export interface ControlModel {
  send(content: unknown): void;
  on(event: string, callback: (...args: never[]) => void): void;
  off?(event: string, callback: (...args: never[]) => void): void;
  comm_live?: boolean;
}
