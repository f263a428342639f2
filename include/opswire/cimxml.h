/* CIM-XML (DSP0201 2.4): all of it. */
#ifndef OPSWIRE_CIMXML_H
#define OPSWIRE_CIMXML_H

#include "opswire/cimxml_block.h"
#include "opswire/cimxml_reader.h"
#include "opswire/cimxml_vocabulary.h"
#include "opswire/cimxml_writer.h"

#endif
