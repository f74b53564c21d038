import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { windowOf } from "../pages.js";

/** Whether an element has come near to what is on screen: what is dear to draw waits for that. It stays true. */
export function useNear(box: RefObject<HTMLElement | null>): boolean {
  const near = useSignal(false);
  useLayoutEffect(() => {
    const element = box.current as HTMLElement;
    const observer = new (windowOf(element).IntersectionObserver)(
      ([entry]) => {
        near.value ||= entry?.isIntersecting === true;
      },
      { rootMargin: "200px" },
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return near.value;
}
