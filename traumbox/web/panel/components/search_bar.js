import { bindShortcuts, Icon, navigate, say, searchPath, shortcuts, url } from "tb-core";

/** The search field; what it asks goes into the address, and the address asks the server. */
export default {
  components: { Icon },
  template: `
    <form class="tb-search" role="search" @submit.prevent="submit">
      <div class="tb-field">
        <Icon name="spark" />
        <label class="tb-hidden" for="tb-query">{{ texts.label }}</label>
        <input id="tb-query" ref="field" v-model="typed" type="search" enterkeyhint="search"
               autocomplete="off" autocapitalize="off" maxlength="400" :placeholder="texts.placeholder">
        <kbd v-if="shortcuts.enabled && !typed" class="tb-key" aria-hidden="true">/</kbd>
        <button v-if="typed" type="button" class="tb-button" :aria-label="texts.clear"
                @click="clear"><Icon name="close" /></button>
        <button type="submit" class="tb-button tb-submit" :aria-label="texts.submit">
          <Icon name="search" /><span aria-hidden="true">{{ texts.submit }}</span></button>
      </div>
      <div v-if="likeTitle" class="tb-chips">
        <a class="tb-chip on" :href="home" :aria-label="likeClearLabel">
          <Icon name="alike" /><span class="tb-chip-text">{{ likeLabel }}</span><Icon name="close" /></a>
      </div>
    </form>`,
  props: { query: { type: String, default: "" }, likeTitle: { type: String, default: "" }, texts: Object },
  data() {
    return { typed: this.query, shortcuts };
  },
  computed: {
    home: () => url("/"),
    likeLabel() {
      return say(this.texts, "like", { title: this.likeTitle });
    },
    likeClearLabel() {
      return say(this.texts, "like_clear", { title: this.likeTitle });
    },
  },
  watch: {
    query(asked) {
      this.typed = asked;
    },
  },
  mounted() {
    this.release = bindShortcuts({ "/": () => this.focus() });
  },
  unmounted() {
    this.release();
  },
  methods: {
    focus() {
      this.$refs.field.focus();
      this.$refs.field.select();
    },
    clear() {
      this.typed = "";
      this.$refs.field.focus();
    },
    submit() {
      navigate(searchPath({ text: this.typed }));
      // On a phone the keyboard would cover the results.
      if (matchMedia("(pointer: coarse)").matches) this.$refs.field.blur();
    },
  },
};
