/// Disks that lose their power, and disks that fail.
@NullMarked
package dev.ctxmem.disk;

import org.jspecify.annotations.NullMarked;
