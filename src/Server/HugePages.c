/* The runtime unpacks 11 MB of tables before Main, into memory that begins as zeros. In pages of 4 KiB the system hands it out in 2,700 steps,
   which took half the time of the start. This asks for pages of 2 MiB, where the system's setting is "madvise", and runs before the runtime. */
#define _GNU_SOURCE
#include <link.h>
#include <stdint.h>
#include <sys/mman.h>

static const uintptr_t HUGE_PAGE = 2 << 20;

/* The first object is the program itself. */
static int ask_for_program(struct dl_phdr_info *object, size_t size, void *data)
{
    (void)size;
    (void)data;
    for (int i = 0; i < object->dlpi_phnum; i++)
    {
        const ElfW(Phdr) *part = &object->dlpi_phdr[i];
        if (part->p_type != PT_LOAD || !(part->p_flags & PF_W))
            continue;
        uintptr_t zeros = object->dlpi_addr + part->p_vaddr + part->p_filesz;
        uintptr_t end = object->dlpi_addr + part->p_vaddr + part->p_memsz;
        uintptr_t first = (zeros + HUGE_PAGE - 1) & ~(HUGE_PAGE - 1);
        uintptr_t last = end & ~(HUGE_PAGE - 1);
        if (last > first)
            madvise((void *)first, last - first, MADV_HUGEPAGE);
    }
    return 1;
}

__attribute__((constructor)) static void ask(void)
{
    dl_iterate_phdr(ask_for_program, 0);
}
