import { say, timeOfDay } from "./format.js";
import { Icon } from "./icon.js";
import { record, recordingWay } from "./recorder.js";
import { Sheet } from "./sheet.js";
import { giveUp, searchSound, soundSearch } from "./sound_search.js";

const LONGEST_S = 10;

/** Where a sound is chosen or recorded, and how its search goes. */
export const SoundSheet = {
  components: { Icon, Sheet },
  template: `
    <Sheet :open="sound.open" :title="texts.by_sound" title-id="tb-sound-title"
           :close-label="texts.close" @close="closed">
      <div v-if="sound.state" class="tb-sound">
        <p role="status"><b>{{ sound.name }}</b> {{ texts[sound.state] }}</p>
        <div class="tb-bar tb-bar-large" role="progressbar" :aria-label="texts[sound.state]"
             :class="{ busy: sound.state === 'hearing' }" aria-valuemin="0" aria-valuemax="100"
             :aria-valuenow="sound.state === 'hearing' ? null : Math.round(sound.share * 100)">
          <span :style="{ width: sound.share * 100 + '%' }"></span></div>
        <button type="button" class="tb-chip" @click="giveUp">{{ texts.give_up }}</button>
      </div>
      <div v-else-if="recording" class="tb-sound">
        <p role="status">{{ texts.recording }}</p>
        <p class="tb-recorded tb-num" aria-hidden="true">{{ secondsText }}</p>
        <div class="tb-bar tb-bar-large" aria-hidden="true"><span :style="{ width: recordedShare }"></span></div>
        <div class="tb-deeds">
          <button ref="stop" type="button" class="tb-primary" @click="recording.stop">{{ texts.stop }}</button>
          <button type="button" class="tb-chip" @click="recording.cancel">{{ texts.give_up }}</button>
        </div>
      </div>
      <div v-else class="tb-sound">
        <p>{{ texts.sound_hint }} <span v-if="canDrop">{{ texts.sound_drop_hint }}</span></p>
        <p v-if="problem" class="tb-problem" role="alert">{{ problem }}</p>
        <input ref="file" type="file" accept="audio/*" hidden @change="chosen">
        <input ref="capture" type="file" accept="audio/*" capture hidden @change="chosen">
        <div class="tb-deeds">
          <button type="button" class="tb-primary" @click="$refs.file.click()">{{ texts.choose_file }}</button>
          <button v-if="way" type="button" class="tb-chip" @click="begin"><Icon name="mic" />
            {{ texts.record }}</button>
        </div>
        <p v-if="way !== 'recorder'" class="tb-note">{{ texts.no_microphone }}</p>
      </div>
    </Sheet>`,
  props: { texts: Object },
  data: () => ({ sound: soundSearch, recording: null, seconds: 0, way: recordingWay(), refused: "", canDrop: matchMedia("(pointer: fine)").matches }),
  computed: {
    secondsText() {
      return say(this.texts, "seconds", { done: Math.floor(this.seconds), of: LONGEST_S });
    },
    recordedShare() {
      return `${(this.seconds / LONGEST_S) * 100}%`;
    },
    problem() {
      const { problem, reason, name } = this.sound;
      if (this.refused) return this.texts[`refused_${this.refused}`];
      return problem && (reason || say(this.texts, `sound_${problem}`, { name }));
    },
  },
  unmounted() {
    this.recording?.cancel();
  },
  methods: {
    giveUp,
    closed() {
      this.recording?.cancel();
      giveUp();
      Object.assign(this.sound, { open: false, problem: "", reason: "" });
      this.refused = "";
    },
    chosen(event) {
      const [file] = event.target.files;
      event.target.value = ""; // the same file may be chosen again
      if (file) searchSound(file, file.name);
    },
    begin() {
      this.refused = "";
      this.sound.problem = "";
      if (this.way === "capture") this.$refs.capture.click();
      else this.record();
    },
    async record() {
      try {
        this.seconds = 0;
        this.recording = await record((seconds) => (this.seconds = seconds));
      } catch (error) {
        this.refused = error.name === "NotAllowedError" ? "microphone" : "none";
        return;
      }
      this.$nextTick(() => this.$refs.stop?.focus());
      const sound = await this.recording.sound;
      this.recording = null;
      const name = say(this.texts, "recorded_at", { time: timeOfDay(Date.now() / 1000) });
      if (sound?.size) searchSound(sound, name);
    },
  },
};
