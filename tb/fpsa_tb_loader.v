// Configures a fabric for a bench: when rst_ni ends, the words of a bitstream go to the fabric's
// port, one write each; when the fabric is active the reset of what it holds ends.
//
// File        $readmemh, Words lines of 32 bits.
// Latency     about 3 cycles a word; rst_no rises HELD cycles after active_i.
// Handshake   AXI4-Lite write channels; answers are taken and not looked at: what the port refuses
//             leaves the fabric inactive.
module fpsa_tb_loader #(
  parameter Words = 1,
  parameter File  = "fabric/bitstream.mem"
) (
  input  wire        clk_i,
  input  wire        rst_ni,
  // The fabric's port
  output wire        awvalid_o,
  input  wire        awready_i,
  output wire [11:0] awaddr_o,
  output wire        wvalid_o,
  input  wire        wready_i,
  output wire [31:0] wdata_o,
  // What it holds
  input  wire        active_i,
  output wire        rst_no
);

  localparam [11:0] CONTROL = 12'h000;
  localparam [11:0] DATA    = 12'h004;
  localparam        HELD    = 4;

  reg [31:0] words [0:Words-1];
  initial $readmemh(File, words);

  reg [31:0]     sent_q;  // writes begun: 0 is the one that starts a load
  reg            aw_q, w_q;
  reg [HELD-1:0] held_q;

  assign awvalid_o = aw_q;
  assign wvalid_o  = w_q;
  assign awaddr_o  = (sent_q == 32'd1) ? CONTROL : DATA;
  assign wdata_o   = (sent_q == 32'd1) ? 32'd1 : words[sent_q-32'd2];
  assign rst_no    = held_q[HELD-1];

  always @(posedge clk_i) begin
    if (!rst_ni) begin
      sent_q <= 32'd0;
      aw_q   <= 1'b0;
      w_q    <= 1'b0;
      held_q <= {HELD{1'b0}};
    end else begin
      held_q <= {held_q[HELD-2:0], active_i};
      if (aw_q && awready_i) aw_q <= 1'b0;
      if (w_q && wready_i) w_q <= 1'b0;
      if (!aw_q && !w_q && sent_q <= Words) begin
        sent_q <= sent_q + 32'd1;
        aw_q   <= 1'b1;
        w_q    <= 1'b1;
      end
    end
  end

endmodule
