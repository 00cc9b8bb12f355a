import { columns } from "./format.js";
import { playback } from "./playback.js";

export const WINDOW_S = 10; // what the model hears at once: the length of a moment

const BAR_PX = 2;
const GAP_PX = 1.5;
const HEAT_PX = 5;
const HEAT_GAP_PX = 4;
const MIN_MOMENT_PX = 14;

let palette;

function colours() {
  const style = getComputedStyle(document.documentElement);
  const token = (name) => style.getPropertyValue(name).trim();
  palette ??= {
    accents: [token("--acc"), token("--acc2"), token("--acc3")],
    idle: token("--wave"),
    glow: ["rgb(111 227 255 / .3)", "rgb(180 156 255 / .34)"],
  };
  return palette;
}

/** The moment's place as fractions [from, to] of the track, wide enough to be seen and hit. */
export function momentSpan(startS, durationS, widthPx) {
  if (startS === null || startS === undefined || !durationS) return null;
  const half = Math.max(WINDOW_S / durationS, MIN_MOMENT_PX / (widthPx || 1)) / 2;
  const middle = (startS + Math.min(startS + WINDOW_S, durationS)) / 2 / durationS;
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}

function loudest(peaks, from, to) {
  let value = 0;
  const last = Math.max(Math.floor(from) + 1, Math.floor(to));
  for (let i = Math.floor(from); i < last; i++) value = Math.max(value, peaks[i] ?? 0);
  return value / 255;
}

function gradient(context, from, to, stops) {
  const result = context.createLinearGradient(from, 0, to, 0);
  stops.forEach((stop, i) => result.addColorStop(i / (stops.length - 1), stop));
  return result;
}

function paintMoment(context, [from, to], width, height) {
  const left = Math.max(0, from * width - 3);
  const right = Math.min(width, to * width + 3);
  context.fillStyle = gradient(context, left, right, colours().glow);
  context.beginPath();
  context.roundRect(left, 0, right - left, height, 6);
  context.fill();
}

function paintBars(context, peaks, { span, progress, width, height }) {
  const { accents, idle } = colours();
  const played = gradient(context, 0, width, accents);
  const bars = Math.floor(width / (BAR_PX + GAP_PX));
  for (let i = 0; i < bars; i++) {
    const at = i / bars;
    const loud = loudest(peaks, at * peaks.length, ((i + 1) / bars) * peaks.length);
    const tall = Math.max(2, loud * (height - 2));
    const inMoment = span && at >= span[0] && at <= span[1];
    context.fillStyle = at < progress ? played : inMoment ? accents[0] : idle;
    context.beginPath();
    context.roundRect(i * (BAR_PX + GAP_PX), (height - tall) / 2, BAR_PX, tall, 1);
    context.fill();
  }
}

function paintHeat(context, heat, width, top) {
  heat.forEach((raw, i) => {
    const value = raw / 255;
    context.fillStyle =
      value > 0.6
        ? `rgb(255 138 208 / ${0.35 + value * 0.65})`
        : `rgb(180 156 255 / ${0.1 + value * 0.75})`;
    // Whole pixels: half-transparent columns would show their seams.
    const left = Math.round((i / heat.length) * width);
    const right = Math.round(((i + 1) / heat.length) * width);
    context.fillRect(left, top, right - left, HEAT_PX);
  });
}

/** Draw a waveform with its moment, what has been played of it, and its heat-map. */
export function paint(canvas, { peaks, heat, startS, durationS, progress }) {
  const { width, height } = canvas.getBoundingClientRect();
  if (!width || !height) return;
  const scale = Math.min(devicePixelRatio || 1, 2);
  canvas.width = width * scale;
  canvas.height = height * scale;
  const context = canvas.getContext("2d");
  context.scale(scale, scale);
  const barsHeight = height - (heat.length ? HEAT_PX + HEAT_GAP_PX : 0);
  const span = momentSpan(startS, durationS, width);
  if (span) paintMoment(context, span, width, barsHeight);
  paintBars(context, peaks, { span, progress, width, height: barsHeight });
  if (heat.length) paintHeat(context, heat, width, height - HEAT_PX);
}

/** A canvas that follows its size, its track and, while that plays, the time. */
export const Waveform = {
  template: `<canvas aria-hidden="true"></canvas>`,
  props: {
    track: { type: Object, required: true },
    startS: { type: Number, default: null },
    heat: { type: String, default: "" },
  },
  computed: {
    progress() {
      if (playback.track?.id !== this.track.id) return 0;
      return playback.durationS ? playback.timeS / playback.durationS : 0;
    },
    picture() {
      return {
        peaks: columns(this.track.peaks),
        heat: columns(this.heat),
        startS: this.startS,
        durationS: this.track.duration_s,
      };
    },
  },
  watch: {
    picture: "draw",
    progress: "draw",
  },
  mounted() {
    this.observer = new ResizeObserver(() => this.draw());
    this.observer.observe(this.$el);
  },
  unmounted() {
    this.observer.disconnect();
  },
  methods: {
    draw() {
      paint(this.$el, { ...this.picture, progress: this.progress });
    },
  },
};
