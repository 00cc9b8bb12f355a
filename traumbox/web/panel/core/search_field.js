import { reactive } from "vue";
import { ask } from "./calls.js";
import { writeCondition } from "./conditions.js";
import { say } from "./format.js";
import { forgetHistory, history, recalled } from "./history.js";
import { Icon } from "./icon.js";
import { bindShortcuts, shortcuts } from "./shortcuts.js";

const PAUSE_MS = 150;
const SUGGESTED = 8;
const RECALLED_BESIDE = 3;
const RECALLED_ALONE = 8;
const ICONS = { artist: "person", album: "disc", title: "note", genre: "tag", folder: "folder", sound: "spark" };
const FILTERS = { genre: "genre", folder: "folder" }; // what is one of a list is filtered by

/** Set `wanted` to bring the keyboard to the field, wherever that is asked for. */
export const searchField = reactive({ wanted: false });

/**
 * The field for a sentence with suggestions under it: a combobox whose list only helps (ARIA
 * Authoring Practices, "editable combobox with list autocomplete"). The focus stays in the field.
 */
export const SearchField = {
  components: { Icon },
  template: `
    <div class="tb-field-input" @focusout="left">
      <label class="tb-hidden" for="tb-query">{{ texts.label }}</label>
      <input id="tb-query" ref="field" v-model="typed" type="search" role="combobox"
             enterkeyhint="search" autocomplete="off" autocapitalize="off" spellcheck="false"
             maxlength="400" :placeholder="placeholder" aria-autocomplete="list"
             :aria-expanded="isOpen" aria-controls="tb-suggestions" :aria-activedescendant="activeId"
             @input="changed" @keydown="keys" @click="offer">
      <kbd v-if="shortcuts.enabled && !typed" class="tb-key" aria-hidden="true">/</kbd>
      <button v-if="typed" type="button" class="tb-button" :aria-label="texts.clear"
              @click="clear"><Icon name="close" /></button>
      <div class="tb-suggestions" :class="{ shown: isOpen }" @mousedown.prevent>
        <ul id="tb-suggestions" role="listbox" :aria-label="texts.suggestions">
          <li v-for="(option, i) in options" :id="optionId(i)" :key="option.kind + option.text"
              role="option" :aria-selected="i === active" :class="{ active: i === active }"
              @click="choose(option)">
            <Icon :name="option.icon" /><span class="tb-suggestion">{{ option.text }}</span>
            <span class="tb-suggestion-kind">{{ option.about }}</span></li>
        </ul>
        <button v-if="hasHistory" type="button" class="tb-link" tabindex="-1" @click="forget">
          {{ texts.forget }}</button>
      </div>
      <p class="tb-hidden" role="status">{{ spoken }}</p>
    </div>`,
  props: { text: { type: String, default: "" }, placeholder: String, texts: Object },
  emits: ["ask", "filter"],
  data() {
    return { typed: this.text, shortcuts, history, suggested: [], active: -1, wanted: false, now: "" };
  },
  computed: {
    options() {
      const most = this.now ? RECALLED_BESIDE : RECALLED_ALONE;
      const earlier = recalled(this.now, most).map((text) => {
        return { text, kind: "earlier", icon: "history", about: this.texts.earlier };
      });
      const others = this.suggested.filter(({ text }) => !earlier.some((one) => one.text === text));
      return [...earlier, ...others.map(this.option)];
    },
    isOpen() {
      return this.wanted && this.options.length > 0;
    },
    hasHistory() {
      return this.options.some(({ kind }) => kind === "earlier");
    },
    activeId() {
      return this.isOpen && this.active >= 0 ? this.optionId(this.active) : null;
    },
    spoken() {
      return this.isOpen ? say(this.texts, "offered", { count: this.options.length }) : "";
    },
  },
  watch: {
    text(asked) {
      this.typed = asked;
      this.close();
    },
  },
  mounted() {
    this.release = bindShortcuts({ "/": () => this.focus() });
  },
  unmounted() {
    this.release();
    this.close();
  },
  methods: {
    focus() {
      this.$refs.field.focus();
      this.$refs.field.select();
    },
    optionId: (place) => `tb-suggestion-${place}`,
    option({ text, kind, tracks }) {
      const about = this.texts[`kind_${kind}`] ?? "";
      const many = kind === "sound" || kind === "title" ? "" : say(this.texts, "tracks", { count: tracks });
      return { text, kind, icon: ICONS[kind] ?? "search", about: [about, many].filter(Boolean).join(" · ") };
    },
    changed() {
      this.wanted = true;
      this.active = -1;
      clearTimeout(this.timer);
      this.timer = setTimeout(this.look, PAUSE_MS);
    },
    /** Ask for suggestions; an answer to what isn't typed any more is dropped. */
    async look() {
      const typed = this.typed.trim();
      this.request?.abort();
      this.request = new AbortController();
      const { signal } = this.request;
      const parameters = { q: typed, limit: SUGGESTED };
      const { answer } = typed ? await ask("/api/v1/suggest", parameters, { signal }) : {};
      if (signal.aborted) return;
      this.now = typed;
      this.suggested = answer?.suggestions ?? [];
      this.active = -1;
    },
    offer() {
      // An empty field offers what was asked for before; a full one waits for a change or an arrow.
      if (!this.typed) this.reopen();
    },
    reopen() {
      this.wanted = true;
      this.look();
    },
    close() {
      clearTimeout(this.timer);
      this.request?.abort();
      Object.assign(this, { wanted: false, active: -1 });
    },
    left(event) {
      if (!this.$el.contains(event.relatedTarget)) this.close();
    },
    clear() {
      this.typed = "";
      this.close();
      this.$refs.field.focus();
    },
    forget() {
      forgetHistory();
      this.$refs.field.focus();
    },
    choose({ text, kind }) {
      const field = FILTERS[kind];
      this.close();
      if (field) {
        this.typed = "";
        this.$emit("filter", writeCondition({ field, values: [text] }));
      } else {
        this.typed = text;
        this.$emit("ask", text);
      }
    },
    keys(event) {
      const { key, altKey } = event;
      if (event.isComposing) return;
      if (key === "Escape" && this.isOpen) this.close();
      else if (key === "Enter" && this.activeId) this.choose(this.options[this.active]);
      else if (key === "ArrowDown" && !this.isOpen) this.reopen();
      else if (key === "ArrowUp" && altKey) this.close();
      else if (key === "ArrowDown" || (key === "ArrowUp" && this.isOpen)) this.move(key);
      else return;
      event.preventDefault();
    },
    /** Go on to the next option; past either end lies the field itself. */
    move(key) {
      const places = this.options.length + 1;
      const step = key === "ArrowDown" ? 1 : -1;
      this.active = ((this.active + 1 + step + places) % places) - 1;
      this.$nextTick(() => {
        this.$el.querySelector(".active")?.scrollIntoView({ block: "nearest" });
      });
    },
  },
};
