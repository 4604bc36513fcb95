import { useState } from "preact/hooks";
import { type Range, SPANS, type Span } from "../charts/ranges.ts";
import { Segments } from "../segments.tsx";
import { fromField, toField } from "../times.ts";
import { words } from "../words.ts";

export interface RangePickerProps {
  /** Undefined: a range of its own is shown. */
  readonly span: Span | undefined;
  readonly range: Range;
  readonly onSpan: (span: Span) => void;
  readonly onRange: (range: Range) => void;
}

/** Spans that end now, or a beginning and an end; in the viewer's zone. */
export function RangePicker({ span, range, onSpan, onRange }: RangePickerProps) {
  const say = words().page;
  const [wrong, setWrong] = useState(false);

  function show(event: SubmitEvent): void {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const fields = new FormData(event.currentTarget);
    const from = fromField(String(fields.get("from")));
    const to = fromField(String(fields.get("to")));
    const fits = from !== undefined && to !== undefined && from < to && from < Date.now();
    setWrong(!fits);
    if (fits) onRange({ from, to: Math.min(to, Date.now()) });
  }

  return (
    <form class="bar range" onSubmit={show} noValidate>
      <Segments
        label={say.range}
        options={SPANS.map((value) => ({ value, name: say.spans[value] }))}
        value={span}
        onChoose={onSpan}
      />
      <span class="fields">
        <label>
          {say.from} <input type="datetime-local" name="from" defaultValue={toField(range.from)} />
        </label>
        <label>
          {say.to} <input type="datetime-local" name="to" defaultValue={toField(range.to)} />
        </label>
        <button type="submit" class="small-button">
          {say.apply}
        </button>
      </span>
      {wrong ? (
        <p class="wrong" role="alert">
          {say.wrongRange}
        </p>
      ) : null}
    </form>
  );
}
