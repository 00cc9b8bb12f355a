import { count, Icon, say, shortcutSheet, timeLeft } from "tb-core";

/** What the appliance is doing: counts that add up, folders, and what could not be heard. */
export default {
  components: { Icon },
  template: `
    <div class="tb-page tb-activity">
      <header class="tb-headline">
        <h1>{{ texts.title }}</h1>
        <p role="status">{{ news }}</p>
        <button type="button" class="tb-chip tb-scan" @click="$emit('scan')">
          <Icon name="refresh" />{{ texts.scan }}</button>
      </header>
      <section class="tb-card" aria-labelledby="tb-now-title">
        <h2 id="tb-now-title">{{ headline }}</h2>
        <div v-if="status.pending" class="tb-bar tb-bar-large" role="progressbar"
             :aria-label="texts.listening" aria-valuemin="0" :aria-valuemax="status.total"
             :aria-valuenow="status.total - status.pending"><span :style="{ width: share }"></span></div>
        <dl v-if="status.pending" class="tb-facts-line tb-num">
          <div v-if="status.now_hearing"><dt>{{ texts.in_hand }}</dt><dd>{{ status.now_hearing }}</dd></div>
          <div v-if="status.tracks_per_minute"><dt>{{ texts.rate }}</dt><dd>{{ rate }}</dd></div>
          <div v-if="left"><dt>{{ texts.left }}</dt><dd>{{ left }}</dd></div>
        </dl>
        <p v-else-if="!ready" class="tb-note">{{ reason }}</p>
        <ul class="tb-counts tb-num" :aria-label="texts.counts">
          <li v-for="name in ['indexed', 'pending', 'failed', 'excluded']" :key="name" :class="[name, { some: status[name] }]">
            <b>{{ count(status[name]) }}</b> {{ texts[name] }}</li>
          <li class="total"><b>{{ count(status.total) }}</b> {{ texts.total }}</li>
        </ul>
      </section>
      <section class="tb-card" aria-labelledby="tb-folders-title">
        <h2 id="tb-folders-title">{{ texts.folders }}</h2>
        <p v-if="!folders.length" class="tb-note">{{ texts.no_folders }}</p>
        <ul v-else class="tb-folders">
          <li v-for="folder in folders" :key="folder.name">
            <p class="tb-title">{{ folder.name }}
              <span class="tb-tag" :class="{ off: !folder.online }">
                {{ folder.online ? texts.online : texts.offline }}</span></p>
            <p class="tb-credit"><code>{{ folder.path }}</code></p>
            <p v-if="folder.note" class="tb-credit">{{ folder.note }}</p>
          </li>
        </ul>
      </section>
      <section class="tb-card" aria-labelledby="tb-failed-title">
        <h2 id="tb-failed-title">{{ texts.failed_title }}</h2>
        <p v-if="!failed.length" class="tb-note">{{ texts.failed_none }}</p>
        <template v-else>
          <p class="tb-note">{{ texts.failed_hint }}</p>
          <ul class="tb-failures">
            <li v-for="file in failed" :key="file.id">
              <p class="tb-path">{{ file.path }} <span class="tb-credit">{{ file.folder }}</span></p>
              <p class="tb-reason">{{ file.reason || texts.failed_unknown }}</p>
            </li>
          </ul>
          <button v-if="more" type="button" class="tb-chip" @click="$emit('more')">{{ texts.more }}</button>
        </template>
      </section>
      <button type="button" class="tb-link tb-phone-only" aria-haspopup="dialog" @click="sheet.open = true">
        {{ texts.shortcuts }}</button>
    </div>`,
  props: {
    status: Object,
    ready: Boolean,
    reason: String,
    folders: { type: Array, default: () => [] },
    failed: { type: Array, default: () => [] },
    more: Boolean,
    news: { type: String, default: "" },
    texts: Object,
  },
  emits: ["scan", "more"],
  data: () => ({ sheet: shortcutSheet }),
  computed: {
    headline() {
      if (this.status.pending) return this.texts.listening;
      return this.status.total ? this.texts.idle : this.texts.nothing;
    },
    share() {
      return `${((this.status.total - this.status.pending) / this.status.total) * 100}%`;
    },
    rate() {
      return say(this.texts, "per_minute", { rate: Math.round(this.status.tracks_per_minute) });
    },
    left() {
      return timeLeft(this.texts, this.status.eta_s);
    },
  },
  mounted() {
    document.title = this.texts.page_title;
  },
  methods: { count },
};
