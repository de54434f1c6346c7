/* The test runner and the few system calls of the C library, by semihosting (ARM document 100863). */
#include <cmocka.h>
#include <errno.h>
#include <setjmp.h>
#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#define SEMIHOSTING_WRITE_CHARACTER 0x03
#define SEMIHOSTING_EXIT_EXTENDED 0x20
#define EXIT_APPLICATION 0x20026
#define PAINT 0x57a11edu
#define PAINT_MARGIN 64 /* words left alone below the painter's frame */

extern uint32_t heap_start[], stack_limit[], stack_end[];

int _write(int file, const char *bytes, int size);
void *_sbrk(ptrdiff_t step);
void _exit(int code);
int _close(int file);
int _fstat(int file, struct stat *status);
int _isatty(int file);
off_t _lseek(int file, off_t offset, int whence);
int _read(int file, char *bytes, int size);
int _getpid(void);
int _kill(int process, int number);

static jmp_buf failed;

static void semihosting_call(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
}

int _write(int file, const char *bytes, int size)
{
    (void)file;
    for (int i = 0; i < size; i++)
        semihosting_call(SEMIHOSTING_WRITE_CHARACTER, &bytes[i]);
    return size;
}

void *_sbrk(ptrdiff_t step)
{
    static char *end = (char *)heap_start;
    char *begin = end;
    if (end + step > (char *)stack_limit) {
        errno = ENOMEM;
        return (void *)-1;
    }
    end += step;
    return begin;
}

void _exit(int code)
{
    const uint32_t arguments[2] = { EXIT_APPLICATION, (uint32_t)code };
    semihosting_call(SEMIHOSTING_EXIT_EXTENDED, arguments);
    for (;;)
        continue;
}

int _close(int file)
{
    (void)file;
    return -1;
}

int _fstat(int file, struct stat *status)
{
    (void)file;
    status->st_mode = S_IFCHR;
    return 0;
}

int _isatty(int file)
{
    (void)file;
    return 1;
}

off_t _lseek(int file, off_t offset, int whence)
{
    (void)file;
    (void)offset;
    (void)whence;
    return 0;
}

int _read(int file, char *bytes, int size)
{
    (void)file;
    (void)bytes;
    (void)size;
    return 0;
}

int _getpid(void)
{
    return 1;
}

int _kill(int process, int number)
{
    (void)process;
    (void)number;
    return -1;
}

void shim_fail(const char *file, int line, const char *text)
{
    printf("# %s:%d: %s\n", file, line, text);
    longjmp(failed, 1);
}

static int test_run(const struct CMUnitTest *test)
{
    void *state = test->initial_state;
    if (setjmp(failed) != 0)
        return 1;
    if (test->setup != NULL)
        (void)test->setup(&state);
    test->run(&state);
    if (test->teardown != NULL)
        (void)test->teardown(&state);
    return 0;
}

static void stack_paint(void)
{
    const uint32_t *here = __builtin_frame_address(0);
    for (volatile uint32_t *word = stack_limit; word < here - PAINT_MARGIN; word++)
        *word = PAINT;
}

static unsigned stack_used(void)
{
    const uint32_t *word = stack_limit;
    while (word < stack_end && *(const volatile uint32_t *)word == PAINT)
        word++;
    return (unsigned)((const char *)stack_end - (const char *)word);
}

int shim_tests_run(const struct CMUnitTest *tests, size_t count)
{
    int failures = 0;
    stack_paint();
    printf("1..%u\n", (unsigned)count);
    for (size_t i = 0; i < count; i++) {
        int outcome = test_run(&tests[i]);
        printf("%s %u - %s\n", outcome == 0 ? "ok" : "not ok", (unsigned)(i + 1), tests[i].name);
        failures += outcome;
    }
    printf("# stack %u\n", stack_used());
    fflush(stdout);
    _exit(failures == 0 ? 0 : 1);
    return failures;
}
