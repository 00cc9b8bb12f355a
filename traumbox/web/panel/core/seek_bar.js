import { clock, say } from "./format.js";
import { playback, seek, skip } from "./playback.js";
import { Waveform } from "./waveform.js";

const STEPS_S = { ArrowRight: 5, ArrowUp: 5, ArrowLeft: -5, ArrowDown: -5, PageUp: 30, PageDown: -30 };

/** A native slider laid invisibly over the waveform: reachable by mouse, touch, keys and voice. */
export const SeekBar = {
  components: { Waveform },
  template: `
    <div class="tb-seek tb-num">
      <span class="tb-seek-time">{{ clock(playback.timeS) }}</span>
      <div class="tb-seek-track">
        <template v-if="track">
          <Waveform :track="track" :start-s="startS" />
          <input type="range" min="0" :max="playback.durationS || 1" step="0.1"
                 :value="playback.timeS" :aria-label="texts.position" :aria-valuetext="spoken"
                 @input="seek(Number($event.target.value))" @keydown="keys">
        </template>
      </div>
      <span class="tb-seek-time">{{ clock(playback.durationS) }}</span>
    </div>`,
  props: { track: Object, startS: { type: Number, default: null }, texts: Object },
  data: () => ({ playback }),
  computed: {
    spoken() {
      const { timeS, durationS } = playback;
      return say(this.texts, "position_value", { time: clock(timeS), length: clock(durationS) });
    },
  },
  methods: {
    clock,
    seek,
    keys(event) {
      if (event.key in STEPS_S) skip(STEPS_S[event.key]);
      else if (event.key === "Home") seek(0);
      else if (event.key === "End") seek(playback.durationS);
      else return;
      event.preventDefault();
    },
  },
};
