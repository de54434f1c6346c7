#include "bench/load_socket.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH 64
#define DATAGRAM_LIMIT 1500
#define ADDRESS_FIRST 0x7f010000u /* 127.1.0.0 */
#define BUFFER_BYTES 8388608

struct datagram {
    struct iovec vector;
    _Alignas(struct cmsghdr) uint8_t control[CMSG_SPACE(sizeof(struct in_pktinfo))];
    uint8_t bytes[DATAGRAM_LIMIT];
};

struct load_socket {
    int descriptor;
    struct sockaddr_in server;
    struct mmsghdr out_headers[BATCH];
    struct datagram out[BATCH];
    unsigned out_count;
    struct mmsghdr in_headers[BATCH];
    struct datagram in[BATCH];
};

static bool socket_make(struct load_socket *load, uint16_t port)
{
    int on = 1;
    int buffer = BUFFER_BYTES;
    struct sockaddr_in any = { .sin_family = AF_INET };

    load->server = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port),
                                         .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    load->descriptor = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    return load->descriptor >= 0 && setsockopt(load->descriptor, IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0 &&
           setsockopt(load->descriptor, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer) == 0 &&
           bind(load->descriptor, (const struct sockaddr *)&any, sizeof any) == 0;
}

struct load_socket *load_socket_open(uint16_t port)
{
    struct load_socket *load = calloc(1, sizeof *load);

    if (load && !socket_make(load, port)) {
        load_socket_close(load);
        return NULL;
    }
    return load;
}

void load_socket_close(struct load_socket *load)
{
    if (!load)
        return;
    if (load->descriptor >= 0)
        close(load->descriptor);
    free(load);
}

void load_socket_flush(struct load_socket *load)
{
    unsigned sent = 0;

    while (sent < load->out_count) {
        int count = sendmmsg(load->descriptor, load->out_headers + sent, load->out_count - sent, 0);
        if (count < 0 && errno != EINTR && errno != EAGAIN && errno != ENOBUFS)
            break;
        sent += count > 0 ? (unsigned)count : 0;
    }
    load->out_count = 0;
}

void load_socket_send(struct load_socket *load, uint32_t number, struct span bytes)
{
    struct datagram *out = &load->out[load->out_count];
    struct msghdr *header = &load->out_headers[load->out_count].msg_hdr;
    struct in_pktinfo source = { .ipi_spec_dst.s_addr = htonl(ADDRESS_FIRST + number) };

    if (bytes.size > sizeof out->bytes)
        return;
    memcpy(out->bytes, bytes.bytes, bytes.size);
    out->vector = (struct iovec){ out->bytes, bytes.size };
    *header = (struct msghdr){ .msg_name = &load->server, .msg_namelen = sizeof load->server,
                               .msg_iov = &out->vector, .msg_iovlen = 1, .msg_control = out->control,
                               .msg_controllen = sizeof out->control };
    struct cmsghdr *control = CMSG_FIRSTHDR(header);
    control->cmsg_level = IPPROTO_IP;
    control->cmsg_type = IP_PKTINFO;
    control->cmsg_len = CMSG_LEN(sizeof source);
    memcpy(CMSG_DATA(control), &source, sizeof source);
    if (++load->out_count == BATCH)
        load_socket_flush(load);
}

void load_socket_wait(struct load_socket *load, int wait_ms)
{
    struct pollfd wait = { load->descriptor, POLLIN, 0 };
    poll(&wait, 1, wait_ms);
}

static bool number_of(const struct msghdr *header, uint32_t *number)
{
    struct msghdr copy = *header;

    for (struct cmsghdr *control = CMSG_FIRSTHDR(&copy); control; control = CMSG_NXTHDR(&copy, control))
        if (control->cmsg_level == IPPROTO_IP && control->cmsg_type == IP_PKTINFO) {
            struct in_pktinfo target;
            memcpy(&target, CMSG_DATA(control), sizeof target);
            *number = ntohl(target.ipi_addr.s_addr) - ADDRESS_FIRST;
            return *number < LOAD_SOCKET_DEVICE_LIMIT;
        }
    return false;
}

static int batch_read(struct load_socket *load)
{
    for (unsigned i = 0; i < BATCH; i++) {
        load->in[i].vector = (struct iovec){ load->in[i].bytes, sizeof load->in[i].bytes };
        load->in_headers[i].msg_hdr = (struct msghdr){ .msg_iov = &load->in[i].vector, .msg_iovlen = 1,
                                                       .msg_control = load->in[i].control,
                                                       .msg_controllen = sizeof load->in[i].control };
    }
    return recvmmsg(load->descriptor, load->in_headers, BATCH, MSG_DONTWAIT, NULL);
}

void load_socket_receive(struct load_socket *load, void (*take)(void *context, uint32_t number, struct span bytes),
                         void *context)
{
    int count;

    do {
        count = batch_read(load);
        for (int i = 0; i < count; i++) {
            uint32_t number;
            if (number_of(&load->in_headers[i].msg_hdr, &number))
                take(context, number, span_of_bytes(load->in[i].bytes, load->in_headers[i].msg_len));
        }
        load_socket_flush(load);
    } while (count == BATCH);
}
