import { day, fromNow, say } from "./format.js";

/** What went lately, by folder; it comes back with its files until it is forgotten. */
export const Removals = {
  template: `
    <section class="tb-card" aria-labelledby="tb-removals-title">
      <h2 id="tb-removals-title">{{ texts.removals }}</h2>
      <p class="tb-note">{{ texts.removals_hint }}</p>
      <ul class="tb-removals">
        <li v-for="group in groups" :key="group.name">
          <div class="tb-removals-head">
            <h3>{{ group.name }}</h3>
            <span v-if="!group.isWatched" class="tb-tag plain">{{ texts.unwatched }}</span>
            <button type="button" class="tb-chip" :aria-disabled="busy[place(group)] || null"
                    @click="busy[place(group)] || $emit('forget', group)">
              {{ texts.forget }} <span class="tb-hidden">{{ group.name }}</span></button>
          </div>
          <details v-for="removal in group.removals" :key="removal.since_s">
            <summary class="tb-num"><span>{{ summary(removal) }}
              <span class="tb-credit">{{ kept(removal) }}</span></span></summary>
            <ul class="tb-examples">
              <li v-for="path in removal.examples" :key="path"><code>{{ path }}</code></li>
              <li v-if="removal.count > removal.examples.length">
                {{ say(texts, "and_more", { count: removal.count - removal.examples.length }) }}</li>
            </ul>
          </details>
          <p v-if="said[place(group)]?.problem" class="tb-problem" role="alert">
            {{ said[place(group)].problem }}</p>
        </li>
      </ul>
    </section>`,
  props: {
    removals: Array,
    folders: Array,
    nowS: Number,
    busy: Object,
    said: Object,
    texts: Object,
  },
  emits: ["forget"],
  computed: {
    groups() {
      const groups = new Map();
      for (const removal of this.removals) {
        const name = removal.folder;
        if (!groups.has(name)) groups.set(name, this.groupOf(name));
        groups.get(name).removals.push(removal);
      }
      return [...groups.values()];
    },
  },
  methods: {
    say,
    groupOf(name) {
      const folder = this.folders.find((one) => one.name === name);
      const removals = [];
      return {
        name,
        removals,
        isWatched: folder !== undefined,
        get count() {
          const listed = removals.reduce((sum, removal) => sum + removal.count, 0);
          return Math.max(listed, folder?.counts.missing ?? 0);
        },
      };
    },
    place: (group) => `gone:${group.name}`,
    summary({ count, since_s: since }) {
      return say(this.texts, "removal", { count, ago: fromNow(Math.min(0, since - this.nowS)) });
    },
    kept({ until_s: until }) {
      return say(this.texts, "kept_until", { day: day(until) });
    },
  },
};
