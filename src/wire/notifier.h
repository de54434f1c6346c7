/* Wakes an event loop from another thread: an eventfd. */
#ifndef WIRE_NOTIFIER_H
#define WIRE_NOTIFIER_H

struct notifier {
    int descriptor; /* readable after notifier_signal; -1 when closed */
};

/* returns  0; WIRE_ERR_SYSTEM */
int notifier_open(struct notifier *out);

/* Wake whoever waits on `descriptor`; many signals before one drain count as one. Any thread, never blocks. */
void notifier_signal(const struct notifier *notifier);

/* Take the signals so far: call it first, look at the queues afterwards. Only the thread that waits. */
void notifier_drain(const struct notifier *notifier);

/* Accepts a closed one. */
void notifier_close(struct notifier *notifier);

#endif
