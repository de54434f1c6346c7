#include "security/key_holder.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/error.h"
#include "base/hex.h"
#include "base/text.h"
#include "base/writer.h"
#include "security/security_error.h"

#define KEY_FILE "master.key"
#define KEY_TEXT_SIZE (2 * KEY_HOLDER_MASTER_SIZE)
#define IMEI_DIGITS 15
#define IMEI_MINIMUM UINT64_C(100000000000000)
#define IMEI_MAXIMUM UINT64_C(999999999999999)

struct key_holder {
    uint8_t master[KEY_HOLDER_MASTER_SIZE];
};

struct key_holder *key_holder_of_key(const uint8_t master[KEY_HOLDER_MASTER_SIZE])
{
    struct key_holder *holder = malloc(sizeof *holder);

    if (holder != NULL)
        memcpy(holder->master, master, sizeof holder->master);
    return holder;
}

void key_holder_close(struct key_holder *holder)
{
    if (holder == NULL)
        return;
    OPENSSL_cleanse(holder, sizeof *holder);
    free(holder);
}

static int master_read(int file, uint8_t master[KEY_HOLDER_MASTER_SIZE])
{
    struct stat status;
    uint8_t text[KEY_TEXT_SIZE + 2];

    if (fstat(file, &status) != 0)
        return SECURITY_ERR_FILE;
    if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return SECURITY_ERR_FILE_MODE;
    ssize_t size = read(file, text, sizeof text);
    if (size < 0)
        return SECURITY_ERR_FILE;
    int decoded = hex_decode(text_trim(span_of_bytes(text, (size_t)size)), master, KEY_HOLDER_MASTER_SIZE);
    OPENSSL_cleanse(text, sizeof text);
    return decoded == KEY_HOLDER_MASTER_SIZE ? 0 : SECURITY_ERR_FILE_FORM;
}

static int text_write_durably(int file, const char *text, size_t size)
{
    if (write(file, text, size) != (ssize_t)size || write(file, "\n", 1) != 1 || fsync(file) != 0)
        return SECURITY_ERR_FILE;
    return 0;
}

/* O_EXCL: two programs that start at once cannot both believe that they made the key. */
static int master_make(const char *path, const struct secret_source *source, uint8_t master[KEY_HOLDER_MASTER_SIZE])
{
    char text[KEY_TEXT_SIZE + 1];

    if (source->fill(source->context, master, KEY_HOLDER_MASTER_SIZE) != 0)
        return SECURITY_ERR_CRYPTOGRAPHY;
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (file < 0)
        return SECURITY_ERR_FILE;
    (void)hex_encode(span_of_bytes(master, KEY_HOLDER_MASTER_SIZE), text, sizeof text);
    int result = text_write_durably(file, text, KEY_TEXT_SIZE);
    OPENSSL_cleanse(text, sizeof text);
    if (close(file) != 0 && result == 0)
        result = SECURITY_ERR_FILE;
    if (result != 0)
        (void)unlink(path);
    return result;
}

int key_holder_open(const char *folder, const struct secret_source *source, struct key_holder **out)
{
    char path[4096];
    uint8_t master[KEY_HOLDER_MASTER_SIZE];
    struct writer writer = writer_of_buffer(path, sizeof path);

    writer_format(&writer, "%s/" KEY_FILE, folder);
    (void)writer_terminate(&writer);
    if (writer.overflow)
        return SECURITY_ERR_FILE;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    int result = SECURITY_ERR_FILE;
    if (file >= 0) {
        result = master_read(file, master);
        (void)close(file);
    } else if (errno == ENOENT) {
        result = master_make(path, source, master);
    }
    if (result != 0)
        return result;
    struct key_holder *holder = key_holder_of_key(master);
    OPENSSL_cleanse(master, sizeof master);
    if (holder == NULL)
        return SECURITY_ERR_CRYPTOGRAPHY;
    *out = holder;
    return 0;
}

static int key_derive(const struct key_holder *holder, struct span label, uint8_t key[KEY_HOLDER_PSK_SIZE])
{
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned mac_size = 0;

    if (HMAC(EVP_sha256(), holder->master, KEY_HOLDER_MASTER_SIZE, label.bytes, label.size, mac, &mac_size) == NULL)
        return SECURITY_ERR_CRYPTOGRAPHY;
    memcpy(key, mac, KEY_HOLDER_PSK_SIZE);
    OPENSSL_cleanse(mac, sizeof mac);
    return 0;
}

int key_holder_device_psk(const struct key_holder *holder, uint64_t imei, uint8_t psk[KEY_HOLDER_PSK_SIZE])
{
    char text[32];
    struct writer writer = writer_of_buffer(text, sizeof text);

    if (imei < IMEI_MINIMUM || imei > IMEI_MAXIMUM)
        return BASE_ERR_RANGE;
    writer_format(&writer, "psk%015" PRIu64, imei);
    return key_derive(holder, span_of_bytes(writer.bytes, writer.size), psk);
}

int key_holder_purpose_key(const struct key_holder *holder, struct span purpose, uint8_t key[KEY_HOLDER_PSK_SIZE])
{
    return key_derive(holder, purpose, key);
}

int key_holder_identity_parse(struct span identity, uint64_t *imei)
{
    static const char prefix[] = "urn:imei:";
    size_t prefix_size = sizeof prefix - 1;
    uint64_t number = 0;

    if (identity.size == prefix_size + IMEI_DIGITS && memcmp(identity.bytes, prefix, prefix_size) == 0) {
        identity.bytes += prefix_size;
        identity.size -= prefix_size;
    }
    if (identity.size != IMEI_DIGITS)
        return BASE_ERR_SYNTAX;
    for (size_t i = 0; i < IMEI_DIGITS; i++) {
        if (identity.bytes[i] < '0' || identity.bytes[i] > '9')
            return BASE_ERR_SYNTAX;
        number = number * 10 + (uint64_t)(identity.bytes[i] - '0');
    }
    if (number < IMEI_MINIMUM)
        return BASE_ERR_SYNTAX;
    *imei = number;
    return 0;
}
