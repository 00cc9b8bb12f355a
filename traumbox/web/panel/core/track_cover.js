import { generatedCover } from "./cover.js";
import { url } from "./urls.js";

/** The embedded artwork of a track over its generated cover, which shows where there is none. */
export const TrackCover = {
  template: `
    <span class="tb-cover" :style="{ background }" aria-hidden="true">
      <img v-if="source && !broken" :key="source" :src="source" alt="" loading="lazy"
           decoding="async" @error="broken = true">
    </span>`,
  props: { track: { type: Object, default: null } },
  data: () => ({ broken: false }),
  computed: {
    source() {
      return this.track?.cover ? url(this.track.cover) : "";
    },
    background() {
      return this.track ? generatedCover(this.track.title + this.track.artist) : "var(--bg3)";
    },
  },
  watch: {
    source() {
      this.broken = false;
    },
  },
};
