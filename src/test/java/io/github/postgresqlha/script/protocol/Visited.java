package io.github.postgresqlha.script.protocol;

import java.util.Arrays;

/** A set of states in the order in which they were found, each with the state and the event that led to it. */
final class Visited {

    private long[] first = new long[1 << 12];
    private long[] second = new long[1 << 12];
    private int[] parent = new int[1 << 12];
    private byte[] event = new byte[1 << 12];
    private int[] slots = new int[1 << 14];
    private int size;

    int size() {
        return size;
    }

    boolean has(State state) {
        long one = state.pack(0);
        long two = state.pack(1);
        int slot = hash(one, two) & (slots.length - 1);
        while (slots[slot] != 0) {
            if (first[slots[slot] - 1] == one && second[slots[slot] - 1] == two) {
                return true;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        return false;
    }

    /** The number of the state when it is new, -1 when it is known. */
    int add(State state, int from, int by) {
        long one = state.pack(0);
        long two = state.pack(1);
        if (size == first.length) {
            grow();
        }
        int slot = hash(one, two) & (slots.length - 1);
        while (slots[slot] != 0) {
            int known = slots[slot] - 1;
            if (first[known] == one && second[known] == two) {
                return -1;
            }
            slot = (slot + 1) & (slots.length - 1);
        }
        first[size] = one;
        second[size] = two;
        parent[size] = from;
        event[size] = (byte) by;
        slots[slot] = ++size;
        return size - 1;
    }

    void load(int number, State into) {
        into.unpack(first[number], second[number]);
    }

    int parent(int number) {
        return parent[number];
    }

    int event(int number) {
        return event[number];
    }

    private static int hash(long one, long two) {
        long mixed = ((one * 0x9E3779B97F4A7C15L) ^ two) * 0xC2B2AE3D27D4EB4FL;
        return (int) (mixed ^ (mixed >>> 29) ^ (mixed >>> 47));
    }

    private void grow() {
        int room = first.length + (first.length >> 1);
        first = Arrays.copyOf(first, room);
        second = Arrays.copyOf(second, room);
        parent = Arrays.copyOf(parent, room);
        event = Arrays.copyOf(event, room);
        if (room > slots.length / 2) {
            slots = new int[slots.length * 2];
            for (int number = 0; number < size; number++) {
                int slot = hash(first[number], second[number]) & (slots.length - 1);
                while (slots[slot] != 0) {
                    slot = (slot + 1) & (slots.length - 1);
                }
                slots[slot] = number + 1;
            }
        }
    }
}
