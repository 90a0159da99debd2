import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Entry } from './entries.ts';
import { count, milliseconds, span } from './format.ts';
import { lanesOf, ticksOf } from './lanes.ts';
import type { Lane, Placed } from './lanes.ts';

const ROW = 16;
const BAR = 12;
/** How far the axis goes past the last end, as a part of its span: room for what comes next. */
export const AHEAD = 0.06;
/** Between two ticks, in px. */
const TICK = 110;

export interface TimelineProps {
  readonly entries: readonly Entry[];
  readonly routes: readonly string[];
  /** The emulator's clock. */
  readonly nowMs: number;
  readonly spanMs: number;
  readonly selected: string | undefined;
  readonly onSelect: (id: string) => void;
}

/** Batches on a time axis: a lane for each route, the wait before and the invocation in full colour. */
export function Timeline(props: TimelineProps) {
  const { entries, routes, nowMs, spanMs } = props;
  const area = useRef<HTMLDivElement>(null);
  const width = useWidth(area);
  const last = entries.reduce((max, { endMs = nowMs }) => Math.max(max, endMs), 0);
  const toMs = last === 0 ? nowMs : Math.min(nowMs, last + spanMs * AHEAD);
  const fromMs = toMs - spanMs;
  const lanes = useMemo(
    () => lanesOf(entries, routes, fromMs, toMs),
    [entries, routes, fromMs, toMs],
  );
  const x = (atMs: number): number => ((atMs - fromMs) / spanMs) * width;
  const ticks = ticksOf(0, spanMs, width / TICK);
  return (
    <section class="timeline" aria-label="Time axis">
      <div class="lanes">
        {lanes.map((lane) => (
          <LaneRow key={lane.route} {...props} lane={lane} x={x} width={width} toMs={toMs} />
        ))}
        {lanes.length === 0 && <p class="empty">Nothing in the last {span(spanMs)}.</p>}
      </div>
      <div class="axis" aria-hidden="true">
        <div class="lane-name" />
        <div class="lane-area" ref={area}>
          <svg width={width} height={18}>
            {ticks.map((before) => (
              <text key={before} x={x(toMs - before) - 4} y={13} text-anchor="end">
                {before === 0 ? 'now' : `−${span(before)}`}
              </text>
            ))}
          </svg>
        </div>
      </div>
    </section>
  );
}

interface LaneProps extends TimelineProps {
  readonly lane: Lane;
  readonly x: (atMs: number) => number;
  readonly width: number;
  readonly toMs: number;
}

function LaneRow({ lane, routes, x, width, toMs, spanMs, selected, onSelect }: LaneProps) {
  const { route, placed, rows } = lane;
  const what = `${route}: ${count(placed.length, 'entry', 'entries')} in the last ${span(spanMs)}`;
  return (
    <div class={`lane colour-${routes.indexOf(route) % 8}`}>
      <div class="lane-name" title={route}>
        {route}
      </div>
      <div class="lane-area">
        <svg width={width} height={rows * ROW + 4} role="img" aria-label={what}>
          {placed.map((one) => (
            <Bar
              key={one.entry.id}
              {...one}
              x={x}
              toMs={toMs}
              selected={one.entry.id === selected}
              onSelect={onSelect}
            />
          ))}
        </svg>
      </div>
    </div>
  );
}

interface BarProps extends Placed {
  readonly x: (atMs: number) => number;
  readonly toMs: number;
  readonly selected: boolean;
  readonly onSelect: (id: string) => void;
}

function Bar({ entry, row, x, toMs, selected, onSelect }: BarProps) {
  const y = row * ROW + 4;
  const start = x(entry.startMs);
  const released = entry.type === 'batch' ? x(entry.batch.releasedAtMs) : start;
  const end = Math.max(x(entry.endMs ?? toMs), released + 2);
  const names = ['bar', entry.failed && 'failed', selected && 'selected', entry.type];
  return (
    <g class={names.filter(Boolean).join(' ')} onClick={() => onSelect(entry.id)}>
      <title>{describe(entry)}</title>
      {released > start && (
        <rect class="wait" x={start} y={y} width={released - start} height={BAR} />
      )}
      <rect class="run" x={released} y={y} width={end - released} height={BAR} rx={2} />
      {entry.type === 'batch' &&
        entry.requests.map((request) => (
          <rect
            key={request.id}
            class="arrival"
            x={x(request.arrivedAtMs)}
            y={y - 2}
            width={1}
            height={BAR + 4}
          />
        ))}
      {entry.type === 'batch' && end - released > 16 && (
        <text x={released + 5} y={y + BAR - 2.5}>
          {entry.batch.size}
        </text>
      )}
    </g>
  );
}

function describe(entry: Entry): string {
  if (entry.type === 'request') return `${entry.request.method} ${entry.request.target}`;
  const { size, waitMs, reason = 'call', durationMs, failure = '' } = entry.batch;
  const took = durationMs === undefined ? 'running' : `took ${milliseconds(durationMs)}`;
  return `${count(size, 'request')}, waited ${milliseconds(waitMs)} (${reason}), ${took} ${failure}`;
}

function useWidth(area: { readonly current: HTMLElement | null }): number {
  const [width, setWidth] = useState(600);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidth(Math.floor(entry.contentRect.width));
    });
    if (area.current) observer.observe(area.current);
    return () => observer.disconnect();
  }, [area]);
  return width;
}
