/** A number that glows for a moment when it changes: seen from the corner of an eye, and calm otherwise. */
import { useRef } from "preact/hooks";

export interface ChangingProps {
  readonly value: number;
  /** The number for eyes. */
  readonly text: string;
  /** All of it, for whoever points at a short one. */
  readonly title?: string;
}

export function Changing({ value, text, title }: ChangingProps) {
  const first = useRef(value);
  return (
    <b key={value} class={value === first.current ? undefined : "changed"} title={title}>
      {text}
    </b>
  );
}
