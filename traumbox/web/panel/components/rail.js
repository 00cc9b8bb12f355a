import {
  changeWork,
  fetchWork,
  Icon,
  mainContent,
  modelNames,
  say,
  ShortcutSheet,
  shortcutSheet,
  standalone,
  timeLeft,
  url,
} from "tb-core";

/** The way between the pages, and how far the listening is. */
export default {
  components: { Icon, ShortcutSheet },
  template: `
    <header class="tb-rail">
      <a class="tb-skip-link" href="#tb-main" @click.prevent="skipToMain">{{ texts.skip }}</a>
      <a class="tb-logo" :href="url('/')" :aria-label="texts.home"><i aria-hidden="true"></i>
        <span aria-hidden="true">traumbox</span></a>
      <nav :aria-label="texts.pages">
        <ul class="tb-nav">
          <li v-for="page in pages" :key="page.path">
            <a :href="url(page.path)" :aria-current="page.path === path ? 'page' : null"
               :title="page.title"><Icon :name="page.icon" /><span>{{ page.title }}</span>
              <span v-if="page.badge" class="tb-badge tb-num" :class="{ warn: page.warning }">{{ page.badge }}
                <span v-if="page.warning" class="tb-hidden">{{ page.warning }}</span></span></a>
          </li>
        </ul>
      </nav>
      <div class="tb-rail-foot">
        <div v-if="isIndexing" class="tb-status">
          <p class="tb-status-title"><i class="tb-dot" aria-hidden="true" :class="{ off: status.resting }"></i>
            {{ resting || texts.listening }}</p>
          <div class="tb-bar" role="progressbar" :aria-label="texts.listening" aria-valuemin="0"
               :aria-valuemax="total" :aria-valuenow="done">
            <span :style="{ width: (done / total) * 100 + '%' }"></span></div>
          <p class="tb-num">{{ progress }}</p>
        </div>
        <div v-for="work in works" :key="work.title" class="tb-status">
          <p class="tb-status-title"><i class="tb-dot" aria-hidden="true"></i>{{ work.title }}</p>
          <div class="tb-bar" role="progressbar" :class="{ busy: work.share === null }"
               :aria-label="work.title" aria-valuemin="0" aria-valuemax="100"
               :aria-valuenow="work.share === null ? null : Math.floor(work.share * 100)">
            <span :style="{ width: work.share * 100 + '%' }"></span></div>
          <p v-if="work.brief" class="tb-num">{{ work.brief }}</p>
        </div>
        <button type="button" class="tb-rail-button" :aria-label="texts.shortcuts"
                aria-haspopup="dialog" @click="sheet.open = true">
          <Icon name="keyboard" /><span>{{ texts.shortcuts }}</span></button>
      </div>
      <ShortcutSheet :texts="texts" />
    </header>`,
  props: {
    path: String,
    status: Object,
    models: { type: Object, default: () => ({ models: [] }) }, // what is being done about them
    attention: { type: Number, default: 0 }, // folders that wait for their owner
    texts: Object,
  },
  data: () => ({ sheet: shortcutSheet }),
  computed: {
    pages() {
      return [
        { path: "/", icon: "search", title: this.texts.search },
        {
          path: "/folders",
          icon: "folder",
          title: this.texts.folders,
          badge: this.attention || "",
          warning: this.attention ? say(this.texts, "attention", { count: this.attention }) : "",
        },
        {
          path: "/activity",
          icon: "activity",
          title: this.texts.activity,
          badge: this.status.pending ? this.compact(this.status.pending) : "",
        },
        {
          path: "/models",
          icon: "model",
          title: this.texts.models,
          badge: this.works[0]?.percent ?? "",
        },
      ];
    },
    works() {
      const { fetch, change, models } = this.models;
      const names = modelNames(this.texts, models);
      return [
        change && !change.paused && changeWork(this.texts, change, names),
        fetch && fetch.stage !== "waiting" && fetchWork(this.texts, fetch, names[fetch.model]),
      ].filter(Boolean);
    },
    resting() {
      return standalone(this.status.resting ?? "");
    },
    isIndexing() {
      return this.status.pending > 0;
    },
    done() {
      return this.status.indexed + this.status.failed;
    },
    total() {
      return this.done + this.status.pending;
    },
    progress() {
      const heard = say(this.texts, "progress", { done: this.done, total: this.total });
      return [heard, timeLeft(this.texts, this.status.eta_s)].filter(Boolean).join(" · ");
    },
  },
  methods: {
    url,
    compact: (number) => number.toLocaleString("en", { notation: "compact" }).toLowerCase(),
    skipToMain() {
      mainContent().focus();
    },
  },
};
