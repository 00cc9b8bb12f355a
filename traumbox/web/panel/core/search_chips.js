import { dropping, meantAgain, takenBack, unlinked, withFilters } from "./asked.js";
import { chipWords, conditionWords } from "./conditions.js";
import { say } from "./format.js";
import { Icon } from "./icon.js";
import { url } from "./urls.js";

/**
 * What the search goes by besides plain words: each can be removed, and what was understood of the
 * sentence and then taken back can be meant again.
 */
export const SearchChips = {
  components: { Icon },
  template: `
    <div v-if="chips.length" ref="chips" class="tb-chips-line">
      <ul class="tb-chips" :aria-label="texts.chips">
        <li v-for="chip in chips" :key="chip.key">
          <a class="tb-chip" :class="chip.look" :href="chip.href" :aria-label="chip.label"
             :title="chip.title"><Icon v-if="chip.icon" :name="chip.icon" />
            <span class="tb-chip-text">{{ chip.words }}</span>
            <Icon :name="chip.look === 'back' ? 'undo' : 'close'" /></a></li>
        <li v-if="clearHref"><a class="tb-chip plain" :href="clearHref">{{ texts.clear_filters }}</a></li>
      </ul>
    </div>`,
  props: { asked: Object, understood: { type: Array, default: () => [] }, texts: Object },
  computed: {
    chips() {
      const { like, unlike, filters, back, sound } = this.asked;
      return [
        ...(sound ? [this.soundChip(sound)] : []),
        ...like.map((track) => this.trackChip(track, "like", "alike")),
        ...unlike.map((track) => this.trackChip(track, "unlike", "less")),
        ...this.understood.map(this.understoodChip),
        ...filters.map(this.filterChip),
        ...back.map(this.backChip),
      ];
    },
    clearHref() {
      const { filters } = this.asked;
      return filters.length > 1 ? url(withFilters(this.asked, [])) : "";
    },
  },
  beforeUpdate() {
    const { activeElement } = document;
    const places = [...(this.$refs.chips?.querySelectorAll("a") ?? [])];
    this.place = places.indexOf(activeElement);
  },
  updated() {
    // The chip that had the focus is gone: on to its neighbour, else to what is beside them.
    if (this.place < 0 || document.activeElement !== document.body) return;
    const places = this.$refs.chips?.querySelectorAll("a") ?? [];
    const next = places[Math.min(this.place, places.length - 1)];
    if (next) next.focus();
    else this.$emit("emptied");
  },
  emits: ["emptied"],
  methods: {
    chip(key, words, icon, href, { look = "on", label = "remove", title = null } = {}) {
      const spoken = say(this.texts, label, { words });
      return { key, words, icon, look, title, href: url(href), label: spoken };
    },
    soundChip(name) {
      return this.chip("sound", name, "sound", "/", { label: "sound_remove" });
    },
    trackChip({ id, title }, kind, icon) {
      const name = title || this.texts.a_track;
      const words = say(this.texts, kind, { title: name });
      return this.chip(kind + id, words, icon, unlinked(this.asked, id));
    },
    understoodChip({ id, words: written }) {
      const title = say(this.texts, "understood_from", { words: written });
      const href = takenBack(this.asked, id);
      return this.chip(`words ${id}`, chipWords(this.texts, id), "spark", href, { title, label: "take_back" });
    },
    filterChip(filter) {
      const words = conditionWords(this.texts, filter);
      return this.chip(`filter ${filter}`, words, "filter", dropping(this.asked, [filter]));
    },
    backChip(id) {
      const looks = { look: "back", label: "mean_again", title: this.texts.not_meant };
      return this.chip(`back ${id}`, chipWords(this.texts, id), "", meantAgain(this.asked, id), looks);
    },
  },
};
