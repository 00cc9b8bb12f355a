import {
  FilterSheet, Icon, navigate, note, onDropped, question, say, SearchChips, SearchField, searchField, soundSearch,
  SoundSheet, withFilterFor, withFilters, withText,
} from "tb-core";

/** The search field with what stands around it; what it asks goes into the address. */
export default {
  components: { FilterSheet, Icon, SearchChips, SearchField, SoundSheet },
  template: `
    <div class="tb-asking">
    <form class="tb-search" role="search" @submit.prevent="submit($refs.field.typed)">
      <div class="tb-field">
        <Icon name="spark" />
        <SearchField ref="field" :text="asked.text" :placeholder="placeholder" :texts="texts"
                     @ask="submit" @filter="filterFor" />
        <button type="button" class="tb-button" :aria-label="texts.by_sound" :title="texts.by_sound"
                aria-haspopup="dialog" @click="soundSearch.open = true"><Icon name="sound" /></button>
        <button v-if="!asked.sound" ref="filters" type="button" class="tb-button" aria-haspopup="dialog"
                :aria-label="filtersLabel" :title="texts.filters" @click="openFilters">
          <Icon name="filter" /><span v-if="asked.filters.length" class="tb-dot-mark"></span></button>
        <button type="submit" class="tb-button tb-submit" :aria-label="texts.submit">
          <Icon name="search" /><span aria-hidden="true">{{ texts.submit }}</span></button>
      </div>
      <SearchChips :asked="asked" :understood="chips" :texts="texts" @emptied="$refs.field.focus()" />
    </form>
    <FilterSheet :open="filtering" :filters="asked.filters" :choices="choices" :texts="texts"
                 @close="filtering = false" @filter="filter" />
    <SoundSheet :texts="texts" />
    <div v-if="dropping" class="tb-drop" aria-hidden="true"><p><Icon name="sound" />{{ texts.drop }}</p></div>
    </div>`,
  props: {
    asked: Object, // { text, like: [{ id, title }], unlike, filters, back, sound }
    chips: { type: Array, default: () => [] }, // what was understood of the sentence
    choices: { type: Object, default: () => ({ genres: [], folders: [] }) },
    texts: Object,
  },
  emits: ["choices"],
  data: () => ({ soundSearch, searchField, filtering: false, dropping: false }),
  computed: {
    filtersLabel() {
      const { length: set } = this.asked.filters;
      return set ? say(this.texts, "filters_set", { count: set }) : this.texts.filters;
    },
    placeholder() {
      return this.asked.like.length ? this.texts.placeholder_but : this.texts.placeholder;
    },
  },
  watch: {
    asked: {
      handler(asked) {
        question.asked = asked;
      },
      immediate: true,
    },
    "searchField.wanted"(wanted) {
      if (!wanted) return;
      searchField.wanted = false;
      this.$refs.field.focus();
    },
  },
  mounted() {
    this.release = onDropped((isOver) => (this.dropping = isOver));
  },
  unmounted() {
    this.release();
  },
  methods: {
    submit(text) {
      note(text);
      this.$refs.field.close();
      navigate(withText(this.asked, text));
      // On a phone the keyboard would cover the results.
      if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur();
    },
    filterFor(filter) {
      navigate(withFilterFor(this.asked, filter));
    },
    openFilters() {
      this.$emit("choices");
      this.filtering = true;
    },
    filter(filters) {
      this.filtering = false;
      navigate(withFilters(this.asked, filters));
    },
  },
};
