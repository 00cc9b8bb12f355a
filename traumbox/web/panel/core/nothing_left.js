import { dropping } from "./asked.js";
import { conditionWords } from "./conditions.js";
import { count, say } from "./format.js";
import { url } from "./urls.js";

/** Where the filters together leave nothing: which is the strictest, and the ways to drop it. */
export const NothingLeft = {
  template: `
    <div class="tb-left">
      <p>{{ strictestText }}</p>
      <div class="tb-deeds">
        <a class="tb-primary" :href="href([strictest.filter])">{{ dropText }}</a>
        <a v-if="leftBy.length > 1" class="tb-chip" :href="href(all)">{{ texts.drop_all }}</a>
      </div>
      <details v-if="leftBy.length > 1">
        <summary>{{ texts.each_leaves }}</summary>
        <ul><li v-for="one in sorted" :key="one.filter">
          {{ words(one) }} <span class="tb-num">{{ count(one.tracks) }}</span></li></ul>
      </details>
    </div>`,
  props: { asked: Object, leftBy: Array, texts: Object },
  computed: {
    sorted() {
      return [...this.leftBy].sort((one, other) => one.tracks - other.tracks);
    },
    strictest() {
      return this.sorted[0];
    },
    all() {
      return this.leftBy.map(({ filter }) => filter);
    },
    strictestText() {
      const { tracks } = this.strictest;
      const key = this.leftBy.length > 1 ? "strictest" : "strictest_alone";
      return say(this.texts, key, { filter: this.words(this.strictest), count: tracks });
    },
    dropText() {
      return say(this.texts, "drop_filter", { filter: this.words(this.strictest) });
    },
  },
  methods: {
    count,
    words({ filter }) {
      return conditionWords(this.texts, filter);
    },
    href(filters) {
      return url(dropping(this.asked, filters));
    },
  },
};
