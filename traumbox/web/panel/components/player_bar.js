import {
  bindShortcuts, canGoOn, connection, connectMediaSession, connectRadio, dismissRefusal, followConnection, Icon, next, playback,
  playOrPause, previous, queue, QueueSheet, reportPlays, restoreSession, say, SeekBar, setVolume, Sheet, skip,
  toggleMute, TrackCover,
} from "tb-core";

const SKIP_S = 10;
const PHONE = matchMedia("(max-width: 719px)");

const Transport = {
  components: { Icon },
  template: `
    <div class="tb-transport">
      <button type="button" class="tb-button tb-previous" :aria-label="texts.previous"
              :disabled="!playback.track" @click="previous"><Icon name="previous" /></button>
      <button type="button" class="tb-button tb-skip" :aria-label="texts.back_10"
              :disabled="!playback.track" @click="skip(-10)"><Icon name="back" /></button>
      <button type="button" class="tb-play" :class="{ waiting: playback.waiting }"
              :aria-label="playback.playing ? texts.pause : texts.play"
              :disabled="!playback.track && !canGoOn()" @click="playOrPause"><Icon :name="playback.playing ? 'pause' : 'play'" /></button>
      <button type="button" class="tb-button tb-skip" :aria-label="texts.forward_10"
              :disabled="!playback.track" @click="skip(10)"><Icon name="forward" /></button>
      <button type="button" class="tb-button" :aria-label="texts.next" :disabled="!canGoOn()"
              @click="next"><Icon name="next" /></button>
    </div>`,
  props: { texts: Object },
  data: () => ({ playback }),
  methods: { canGoOn, next, playOrPause, previous, skip },
};

/** The player at the foot of every page, with the queue behind it. */
export default {
  components: { Icon, QueueSheet, SeekBar, Sheet, TrackCover, Transport },
  template: `
    <section class="tb-player" :aria-label="texts.label">
      <p v-if="connection.lost" class="tb-banner" role="alert">{{ texts.lost }}</p>
      <div v-else-if="playback.refusal" class="tb-banner" role="alert">
        <p>{{ say(texts, "refused", playback.refusal) }}</p>
        <button type="button" class="tb-button" :aria-label="texts.dismiss" @click="dismissRefusal">
          <Icon name="close" /></button></div>
      <p v-else-if="playback.problem" class="tb-banner" role="alert">{{ problem }}</p>
      <div class="tb-player-line" aria-hidden="true"><span :style="{ width: played }"></span></div>
      <div class="tb-now">
        <TrackCover :track="track" />
        <div class="tb-names">
          <p class="tb-title">{{ track ? track.title : texts.nothing }}</p>
          <p class="tb-credit">{{ track ? track.artist || track.album : texts.nothing_hint }}</p>
        </div>
        <button type="button" class="tb-now-open" :aria-label="texts.open" aria-haspopup="dialog"
                @click="openSheet"></button>
      </div>
      <Transport :texts="texts" />
      <SeekBar :track="track" :start-s="startS" :texts="texts" />
      <div class="tb-extras">
        <button type="button" class="tb-button" :aria-label="queueLabel" aria-haspopup="dialog"
                :title="texts.queue" @click="openSheet"><Icon name="queue" />
          <span v-if="queue.waiting.length" class="tb-badge tb-num">{{ queue.waiting.length }}</span>
        </button>
        <button type="button" class="tb-button" :aria-pressed="playback.muted"
                :aria-label="texts.mute" @click="toggleMute">
          <Icon :name="playback.muted ? 'muted' : 'volume'" /></button>
        <input class="tb-volume" type="range" min="0" max="1" step="0.05" :aria-label="texts.volume"
               :style="{ '--level': level }" :value="playback.muted ? 0 : playback.volume"
               :aria-valuetext="level" @input="setVolume(Number($event.target.value))">
      </div>
      <Sheet :open="open" :title="sheetTitle" title-id="tb-queue-title" :close-label="texts.close"
             @close="open = false">
        <div class="tb-now-large">
          <TrackCover :track="track" />
          <p class="tb-title">{{ track ? track.title : texts.nothing }}</p>
          <p class="tb-credit">{{ track ? track.artist || track.album : texts.nothing_hint }}</p>
          <SeekBar :track="track" :start-s="startS" :texts="texts" />
          <Transport :texts="texts" />
        </div>
        <QueueSheet :texts="texts" />
      </Sheet>
      <p class="tb-hidden" role="status">{{ news }}</p>
    </section>`,
  props: { texts: Object },
  data: () => ({ playback, queue, connection, open: false, sheetTitle: "", news: "" }),
  computed: {
    track() {
      return playback.track;
    },
    startS() {
      return queue.current?.startS ?? null;
    },
    played() {
      return playback.durationS ? `${(playback.timeS / playback.durationS) * 100}%` : "0";
    },
    problem() {
      return say(this.texts, `problem_${playback.problem}`, { title: this.track?.title });
    },
    queueLabel() {
      const waiting = queue.waiting.length;
      return waiting ? say(this.texts, "queue_waiting", { count: waiting }) : this.texts.queue;
    },
    level() {
      return `${Math.round((playback.muted ? 0 : playback.volume) * 100)}%`;
    },
  },
  watch: {
    track(now) {
      if (now) this.news = say(this.texts, "playing", { title: now.title, artist: now.artist });
    },
  },
  mounted() {
    restoreSession();
    connectMediaSession();
    reportPlays();
    connectRadio();
    followConnection();
    this.release = bindShortcuts({
      " ": playOrPause,
      j: () => skip(-SKIP_S),
      l: () => skip(SKIP_S),
      p: previous,
      n: next,
      m: toggleMute,
      q: this.openSheet,
    });
  },
  unmounted() {
    this.release();
  },
  methods: {
    dismissRefusal,
    say,
    setVolume,
    toggleMute,
    openSheet() {
      // On phones the sheet holds the whole player, elsewhere the queue alone.
      this.sheetTitle = PHONE.matches ? this.texts.now_playing : this.texts.queue;
      this.open = true;
    },
  },
};
