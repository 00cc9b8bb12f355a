import {
  Confirmation, FolderCard, FolderForm, HeldCard, Icon, keepFocus, mainContent, Removals, say,
  Sheet, span,
} from "tb-core";

const CLOCK_MS = 15_000; // how often "3 minutes ago" is looked at anew

/** The watched folders: how each is, what waits for a word, and what went lately. */
export default {
  components: { Confirmation, FolderCard, FolderForm, HeldCard, Icon, Removals, Sheet },
  mixins: [keepFocus],
  template: `
    <div class="tb-page tb-folders-page">
      <header class="tb-headline">
        <h1>{{ texts.title }}</h1>
        <p role="status">{{ news }}</p>
        <button v-if="folders?.length" type="button" class="tb-chip tb-scan" aria-haspopup="dialog"
                @click="open(null)"><Icon name="plus" />{{ texts.add }}</button>
      </header>
      <div v-if="removed" ref="undo" class="tb-undo" role="status" tabindex="-1">
        <p>{{ say(texts, "removed", { name: removed }) }}</p>
        <button type="button" class="tb-chip" :aria-disabled="!!busy.undo || null"
                @click="busy.undo || act('undo', 'undo')">{{ texts.undo }}</button>
        <button type="button" class="tb-button" :aria-label="texts.dismiss"
                @click="act('undo', 'dismiss')"><Icon name="close" /></button>
      </div>
      <p v-if="said.undo?.problem" class="tb-problem" role="alert">{{ said.undo.problem }}</p>
      <HeldCard v-for="{ folder, number } in held" :key="folder.name" :folder="folder"
                :number="number" :busy="busy['folder:' + folder.name]" :texts="texts"
                @act="actOn(folder, $event)" />
      <section v-if="folders && !folders.length" class="tb-card tb-first"
               aria-labelledby="tb-no-folders-title">
        <h2 id="tb-no-folders-title">{{ texts.empty }}</h2>
        <p class="tb-lead">{{ texts.empty_hint }}</p>
        <div class="tb-ways">
          <div>
            <h3>{{ texts.empty_own }}</h3>
            <FolderForm prefix="tb-first-folder" :palette="palette" :cancellable="false"
                        :problem="said.form?.problem" :busy="!!busy.form" :texts="texts"
                        @save="save(null, $event)" />
          </div>
          <div>
            <h3>{{ texts.demo_title }}</h3>
            <p>{{ texts.demo_text }}</p>
            <button type="button" class="tb-primary" :aria-disabled="demo || !!busy.demo || null"
                    @click="demo || busy.demo || act('demo', 'demo')">
              {{ demo ? texts.demo_making : texts.demo_button }}</button>
            <p v-if="said.demo?.problem" class="tb-problem" role="alert">{{ said.demo.problem }}</p>
          </div>
        </div>
      </section>
      <FolderCard v-for="(folder, number) in folders ?? []" :key="folder.name" :folder="folder"
                  :number="number" :now-s="nowS" :poll-every-s="pollEveryS" :texts="texts"
                  :busy="busy['folder:' + folder.name]" :said="said['folder:' + folder.name]"
                  @act="actOn(folder, $event)" />
      <Removals v-if="removals.length" :removals="removals" :folders="folders ?? []" :now-s="nowS"
                :busy="busy" :said="said" :texts="texts" @forget="askToForget" />
      <Sheet :open="sheet !== null" :title="sheetTitle" title-id="tb-folder-sheet-title"
             :close-label="texts.close" @close="sheet = null">
        <FolderForm v-if="sheet" prefix="tb-folder-form" :folder="sheet.folder"
                    :palette="palette" :problem="said.form?.problem" :busy="!!busy.form"
                    :texts="texts" @save="save(sheet.folder, $event)" @cancel="sheet = null" />
      </Sheet>
      <Confirmation ref="confirmation" />
    </div>`,
  props: {
    folders: { type: Array, default: null }, // null: it isn't known yet
    removals: { type: Array, default: () => [] },
    removed: { type: String, default: "" }, // the folder of which the removal can be undone
    demo: Boolean, // demo music is being made
    palette: { type: Array, default: () => [] },
    pollEveryS: { type: Number, default: 600 },
    keepMissingS: { type: Number, default: 0 },
    serverS: { type: Number, default: null }, // the appliance's clock when it told all this
    busy: { type: Object, default: () => ({}) }, // what is being done, by place on the page
    said: { type: Object, default: () => ({}) }, // {news, problem, number}, in the same way
    texts: Object,
  },
  emits: ["act"],
  data: () => ({ news: "", sheet: null, clockS: Date.now() / 1000, aheadS: 0 }),
  computed: {
    nowS() {
      return this.clockS - this.aheadS;
    },
    held() {
      const numbered = (this.folders ?? []).map((folder, number) => ({ folder, number }));
      return numbered.filter(({ folder }) => folder.held);
    },
    sheetTitle() {
      const folder = this.sheet?.folder;
      return folder ? say(this.texts, "edit_title", { name: folder.name }) : this.texts.add;
    },
  },
  watch: {
    serverS: {
      handler(serverS) {
        this.clockS = Date.now() / 1000;
        if (serverS !== null) this.aheadS = this.clockS - serverS;
      },
      immediate: true,
    },
    // Of the number, not of what holds it: that is another object with every update.
    "said.form.number"(number) {
      if (!number || this.said.form.problem) return;
      this.sheet = null;
      this.news = this.said.form.news;
    },
    removed(name) {
      this.news = "";
      if (name) this.$nextTick(() => this.$refs.undo.focus());
    },
  },
  mounted() {
    document.title = this.texts.page_title;
    this.timer = setInterval(() => (this.clockS = Date.now() / 1000), CLOCK_MS);
  },
  unmounted() {
    clearInterval(this.timer);
  },
  methods: {
    say,
    fallback: mainContent,
    act(place, deed, more = {}) {
      this.$emit("act", { place, do: deed, ...more });
    },
    actOn(folder, deed) {
      if (deed === "edit") this.open(folder);
      else if (deed === "confirm") this.askToConfirm(folder);
      else this.act(`folder:${folder.name}`, deed, { name: folder.name });
    },
    open(folder) {
      this.act("form", "begin");
      this.sheet = { folder };
    },
    save(folder, fields) {
      this.news = "";
      if (folder) this.act("form", "change", { name: folder.name, fields });
      else this.act("form", "add", { fields });
    },
    askToConfirm(folder) {
      const { count } = folder.held;
      const keep = span(this.keepMissingS);
      const question = {
        title: say(this.texts, "ask_confirm", { count, folder: folder.name }),
        lines: [this.texts.confirm_search, say(this.texts, "confirm_kept", { keep })],
        yes: this.texts.yes_confirm,
        no: this.texts.no_confirm,
        isLoss: true,
      };
      const place = `folder:${folder.name}`;
      this.$refs.confirmation.ask(question, () =>
        this.act(place, "confirm", { name: folder.name }),
      );
    },
    askToForget({ name, count }) {
      const question = {
        title: say(this.texts, "ask_forget", { count, folder: name }),
        lines: [this.texts.forget_lost, this.texts.forget_files],
        yes: this.texts.yes_forget,
        no: this.texts.no_forget,
        isLoss: true,
      };
      this.$refs.confirmation.ask(question, () => this.act(`gone:${name}`, "forget", { name }));
    },
  },
};
