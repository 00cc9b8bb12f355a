import { ask } from "./calls.js";
import { camelot, dateValue, daysAgo, KEYS } from "./conditions.js";
import { conditionsOf, fieldsOf, FORMATS, KINDS, PLAYED_CHOICES, RANGES } from "./filter_fields.js";
import { keyName, say } from "./format.js";
import { Sheet } from "./sheet.js";
import { TokenField } from "./token_field.js";

const DECADES = [1950, 1960, 1970, 1980, 1990, 2000, 2010, 2020];
const ADDED_DAYS = { week: 7, month: 30, year: 365 };
const PAUSE_MS = 150;
const FEW_FOLDERS = 8;

/** Two ends of a range, either of which may stay empty. */
const Range = {
  template: `
    <fieldset class="tb-range">
      <legend>{{ legend }}</legend>
      <label :for="id + '-from'" class="tb-hidden">{{ texts.from }}</label>
      <input :id="id + '-from'" v-model="range.from" type="number" class="tb-input" :min="limits.least"
             :max="limits.most" :step="limits.step" :placeholder="texts.from">
      <span aria-hidden="true">–</span>
      <label :for="id + '-to'" class="tb-hidden">{{ texts.to }}</label>
      <input :id="id + '-to'" v-model="range.to" type="number" class="tb-input" :min="limits.least"
             :max="limits.most" :step="limits.step" :placeholder="texts.to">
      <slot />
    </fieldset>`,
  props: { id: String, legend: String, range: Object, limits: Object, texts: Object },
};

/** Several of a few: native checkboxes that look like chips. */
const Choices = {
  template: `
    <fieldset class="tb-choices">
      <legend>{{ legend }}</legend>
      <label v-for="{ value, text, more } in choices" :key="value" class="tb-choice">
        <input type="checkbox" :checked="modelValue.includes(value)"
               @change="$emit('update:modelValue', toggled(value))">
        <span><b v-if="more">{{ more }}</b> {{ text }}</span></label>
    </fieldset>`,
  props: { legend: String, choices: Array, modelValue: Array },
  emits: ["update:modelValue"],
  methods: {
    toggled(value) {
      const others = this.modelValue.filter((one) => one !== value);
      return others.length < this.modelValue.length ? others : [...others, value];
    },
  },
};

/** A form that writes the filters into the address, and does nothing else. */
export const FilterSheet = {
  components: { Choices, Range, Sheet, TokenField },
  template: `
    <Sheet :open="open" :title="texts.filters" title-id="tb-filters-title" :close-label="texts.close"
           @close="$emit('close')">
      <form class="tb-filters" novalidate @submit.prevent="submit">
        <Range v-for="(limits, name) in ranges" :id="'tb-filter-' + name" :key="name"
               :legend="texts['range_' + name]" :range="fields[name]" :limits="limits" :texts="texts">
          <div v-if="name === 'year'" class="tb-decades">
            <button v-for="year in decades" :key="year" type="button" class="tb-chip"
                    :class="{ on: isDecade(year) }" :aria-pressed="isDecade(year)"
                    @click="setDecade(year)">{{ say(texts, "decade", { decade: String(year) }) }}</button>
          </div>
        </Range>
        <TokenField v-for="(offered, field) in typedLists" :id="'tb-filter-' + field" :key="field"
                    ref="tokens" v-model="fields[field]" :label="texts['list_' + field]"
                    :offered="offered" :texts="texts" @typed="typed(field, $event)" />
        <Choices v-if="folders.length" v-model="fields.folder" :legend="texts.list_folder"
                 :choices="folders" />
        <Choices v-model="fields.key" class="tb-keys-wheel" :legend="texts.list_key" :choices="keys" />
        <Choices v-model="fields.format" :legend="texts.list_format" :choices="formats" />
        <Choices v-model="fields.kind" :legend="texts.list_kind" :choices="kinds" />
        <div class="tb-when">
          <label for="tb-filter-added">{{ texts.added }}</label>
          <input id="tb-filter-added" v-model="fields.added" type="date" class="tb-input">
          <div class="tb-decades">
            <button v-for="(days, name) in addedDays" :key="name" type="button" class="tb-chip"
                    @click="fields.added = dayOf(days)">{{ texts["added_" + name] }}</button>
          </div>
        </div>
        <div class="tb-when">
          <label for="tb-filter-played">{{ texts.played }}</label>
          <select id="tb-filter-played" v-model="fields.played" class="tb-input">
            <option value="">{{ texts.played_any }}</option>
            <option v-for="choice in played" :key="choice" :value="choice">
              {{ texts["played_" + choice] }}</option>
          </select>
        </div>
        <div class="tb-deeds tb-filters-deeds">
          <button type="submit" class="tb-primary">{{ texts.apply }}</button>
          <button type="button" class="tb-chip" @click="reset">{{ texts.reset }}</button>
        </div>
      </form>
    </Sheet>`,
  props: { open: Boolean, filters: Array, choices: Object, texts: Object },
  emits: ["close", "filter"],
  data() {
    return {
      fields: fieldsOf(this.filters),
      artists: [],
      ranges: RANGES,
      decades: DECADES,
      addedDays: ADDED_DAYS,
      played: PLAYED_CHOICES,
    };
  },
  computed: {
    keys: () => KEYS.map((key) => ({ value: key, text: keyName(key), more: camelot(key) })),
    formats: () => FORMATS.map((value) => ({ value, text: value.toUpperCase() })),
    kinds() {
      return KINDS.map((value) => ({ value, text: this.texts[`only_${value}`] }));
    },
    folders() {
      // Also those of the address, which may lie within a watched folder.
      const { folders } = this.choices;
      const all = [...new Set([...(folders.length > FEW_FOLDERS ? [] : folders), ...this.fields.folder])];
      return all.map((value) => ({ value, text: value }));
    },
    typedLists() {
      const many = this.choices.folders.length > FEW_FOLDERS ? { folder: this.choices.folders } : {};
      return { genre: this.choices.genres, artist: this.artists, ...many };
    },
  },
  watch: {
    open(isOpen) {
      if (isOpen) this.fields = fieldsOf(this.filters);
    },
  },
  unmounted() {
    clearTimeout(this.timer);
  },
  methods: {
    say,
    dayOf: (days) => dateValue(daysAgo(days)),
    isDecade(year) {
      const { from, to } = this.fields.year;
      return Number(from) === year && Number(to) === year + 9;
    },
    setDecade(year) {
      this.fields.year = this.isDecade(year) ? { from: "", to: "" } : { from: year, to: year + 9 };
    },
    typed(field, text) {
      clearTimeout(this.timer);
      if (field === "artist" && text.trim()) {
        this.timer = setTimeout(() => this.offerArtists(text), PAUSE_MS);
      }
    },
    async offerArtists(text) {
      const { answer } = await ask("/api/v1/suggest", { q: text, limit: 20 });
      const found = answer?.suggestions.filter(({ kind }) => kind === "artist") ?? [];
      this.artists = found.map((one) => one.text);
    },
    reset() {
      this.fields = fieldsOf([]);
    },
    async submit() {
      for (const tokens of this.$refs.tokens) tokens.finish();
      await this.$nextTick();
      this.$emit("filter", conditionsOf(this.fields));
    },
  },
};
