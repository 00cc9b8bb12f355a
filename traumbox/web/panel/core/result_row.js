import { clock, credit, facts, say } from "./format.js";
import { Icon } from "./icon.js";
import { marks } from "./marks.js";
import { playback } from "./playback.js";
import { TrackCover } from "./track_cover.js";
import { momentSpan, Waveform } from "./waveform.js";

const EDGE = 0.06; // keeps the label of a moment at the very end inside the row

/** One track of a list; a click plays it from its moment, a click in the waveform from there. */
export const ResultRow = {
  components: { Icon, TrackCover, Waveform },
  template: `
    <li class="tb-row" :class="{ current: isCurrent, offline: track.offline, far: !hit.fits }" :data-track="track.id" @click="clickRow">
      <button type="button" class="tb-play-cover" :aria-label="playLabel"
              @click.stop="$emit('toggle')">
        <TrackCover :track="track" />
        <span class="tb-play-mark"><Icon :name="isPlaying ? 'pause' : 'play'" /></span>
      </button>
      <div class="tb-names">
        <p class="tb-title">{{ track.title }}</p>
        <p class="tb-credit"><span v-for="mark in marks" :key="mark.text" class="tb-tag"
             :class="mark.tone">{{ mark.text }}</span>{{ byLine }}</p>
        <p class="tb-under"><span class="tb-facts tb-num">{{ facts.join(" · ") }}</span>
          <span v-for="why in reasons" :key="why" class="tb-why tb-why-under" :title="texts['because_' + why]">{{ texts["why_" + why] }}</span>
          <button v-if="hit.copies?.length" type="button" class="tb-copies-button"
                  :aria-expanded="opened" @click.stop="opened = !opened">{{ copiesLabel }}</button></p>
      </div>
      <button type="button" class="tb-wave" :class="{ timed: hasMoment }"
              :aria-label="momentLabel" @click.stop="clickWave">
        <Waveform :track="track" :start-s="hit.start_s" />
        <span v-if="hasMoment" class="tb-moment-time tb-num" aria-hidden="true"
              :style="{ left: labelLeft }">{{ clock(hit.start_s) }}</span>
      </button>
      <div class="tb-meta tb-num">
        <p>{{ facts.slice(0, -1).join(" · ") }}</p>
        <p>{{ facts.at(-1) }}</p>
      </div>
      <div class="tb-match tb-num">
        <template v-if="hit.match !== null && hit.fits">
          <p><b>{{ hit.match }}</b> <span class="tb-match-word">{{ texts.match }}</span>
             <span class="tb-hidden">{{ texts.out_of_100 }}</span></p>
          <div class="tb-bar" aria-hidden="true"><span :style="{ width: hit.match + '%' }"></span></div>
        </template>
        <p v-if="reasons.length" class="tb-why-beside"><span v-for="why in reasons" :key="why"
             :title="texts['because_' + why]">{{ texts["why_" + why] }}</span></p>
      </div>
      <div class="tb-actions">
        <button type="button" class="tb-button tb-enqueue" :aria-label="enqueueLabel"
                :title="texts.enqueue_short" @click.stop="$emit('enqueue')">
          <Icon name="enqueue" />
        </button>
        <button type="button" class="tb-button" :aria-label="moreLabel" aria-haspopup="menu"
                @click.stop="$emit('more', $event.currentTarget)">
          <Icon name="more" />
        </button>
      </div>
      <ul v-if="opened" class="tb-copies" :aria-label="texts.copies_where" @click.stop>
        <li v-for="copy in [track, ...hit.copies]" :key="copy.id"><b>{{ copy.folder }}</b>
          <code>{{ copy.path }}</code></li>
      </ul>
    </li>`,
  props: { hit: Object, texts: Object },
  emits: ["toggle", "play", "seek", "enqueue", "more"],
  data: () => ({ opened: false }),
  computed: {
    track() {
      return this.hit.track;
    },
    byLine() {
      return credit(this.track) || this.track.path;
    },
    marks() {
      return marks(this.texts, this.track);
    },
    reasons() {
      return this.hit.fits ? (this.hit.why ?? []).filter((why) => why !== "filter") : [];
    },
    copiesLabel() {
      return say(this.texts, "copies", { count: this.hit.copies.length });
    },
    facts() {
      return facts(this.texts, this.track);
    },
    isCurrent() {
      return playback.track?.id === this.track.id;
    },
    isPlaying() {
      return this.isCurrent && playback.playing;
    },
    hasMoment() {
      return this.hit.start_s !== null;
    },
    labelLeft() {
      const [from, to] = momentSpan(this.hit.start_s, this.track.duration_s, 1e6);
      return `${Math.min(1 - EDGE, Math.max(EDGE, (from + to) / 2)) * 100}%`;
    },
    names() {
      const { title, artist } = this.track;
      return { title, artist, time: clock(this.hit.start_s) };
    },
    playLabel() {
      if (this.isPlaying) return say(this.texts, "pause", this.names);
      return say(this.texts, this.track.artist ? "play_by" : "play", this.names);
    },
    momentLabel() {
      return say(this.texts, this.hasMoment ? "play_moment" : "play_anywhere", this.names);
    },
    enqueueLabel() {
      return say(this.texts, "enqueue", this.names);
    },
    moreLabel() {
      return say(this.texts, "more", this.names);
    },
  },
  methods: {
    clock,
    clickRow() {
      // Marking a title to copy it isn't a wish to hear it.
      if (!String(getSelection())) this.$emit("play");
    },
    clickWave(event) {
      const { left, width } = event.currentTarget.getBoundingClientRect();
      const isByKeyboard = event.detail === 0;
      const place = (event.clientX - left) / width;
      const span = momentSpan(this.hit.start_s, this.track.duration_s, width);
      const isOnMoment = span && place >= span[0] && place <= span[1];
      if (isByKeyboard || isOnMoment) this.$emit("play");
      else this.$emit("seek", place * this.track.duration_s);
    },
  },
};
